import {createHash, randomBytes} from 'node:crypto';
import {once} from 'node:events';
import {readFile, readdir} from 'node:fs/promises';
import net from 'node:net';
import {buffer} from 'node:stream/consumers';
import test from 'ava';
import {execa} from 'execa';
import {Deadline} from '../../../harness/core/deadline.ts';
import {DeadlineError, HostError} from '../../../harness/core/errors.ts';
import {type TrafficPeer, openPeer} from '../../../harness/lab/traffic/open-peer.ts';
import {openTestNetwork, vethPair} from '../frames/_network.ts';

const dataBytes = 3 * 1024 * 1024;
const {signal} = new AbortController();
const open = async (options: Partial<Parameters<typeof openPeer>[0]> = {}): Promise<TrafficPeer> =>
	openPeer({enter: [], address: '127.0.0.1', interface: 'lo', dataBytes, signal, ...options});
const inTime = (): Deadline => new Deadline({phase: 'test', budgetMs: 20_000});
const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');
const connect = async (port: number): Promise<net.Socket> => {
	const socket = net.connect(port, '127.0.0.1');
	await once(socket, 'connect');
	return socket;
};

const send = async (port: number, data: Uint8Array): Promise<void> => {
	const socket = await connect(port);
	socket.end(data);
	await once(socket.resume(), 'close');
};

/** Helpers that this process has started and that still run. */
const helpers = async (): Promise<readonly number[]> => {
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/v.test(name));
	const found = await Promise.all(
		pids.map(async (pid) => {
			const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
			const parent = /^PPid:\s(?<parent>\d+)/mv.exec(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''));
			return line.includes('peer.py') && Number(parent?.groups?.['parent']) === process.pid ? [Number(pid)] : [];
		}),
	);
	return found.flat();
};

test.serial('every port: what is given, taken, kept, thrown away and sent without end', async (t) => {
	await using peer = await open();
	using deadline = inTime();
	t.is(peer.data.bytes, dataBytes);
	const given = await Promise.all([1, 2].map(async () => buffer(await connect(peer.ports.give))));
	t.deepEqual(
		given.map((data) => sha256(data)),
		[peer.data.sha256, peer.data.sha256],
	);
	const data = randomBytes(2_000_000);
	await send(peer.ports.take, data);
	t.deepEqual(await peer.taken(deadline), {bytes: data.length, sha256: sha256(data)});
	// Whoever waits first is told as well; no bytes are a stream too.
	const taken = peer.taken(deadline);
	await send(peer.ports.take, Buffer.alloc(0));
	t.deepEqual(await taken, {bytes: 0, sha256: sha256(Buffer.alloc(0))});
	await send(peer.ports.keep, data);
	t.true((await peer.kept(deadline)).equals(data));
	await send(peer.ports.sink, data);
	const endless = await connect(peer.ports.source);
	let received = 0;
	for await (const chunk of endless) {
		received += (chunk as Buffer).length;
		if (received > 20_000_000) {
			break;
		}
	}

	t.true(received > 20_000_000);
	// A client that went away in the middle of the stream leaves the others be.
	await send(peer.ports.take, data);
	t.is((await peer.taken(deadline)).sha256, sha256(data));
});

test.serial('a stream without end is kept up to 16 MiB', async (t) => {
	await using peer = await open();
	using deadline = inTime();
	const socket = await connect(peer.ports.keep);
	socket.on('error', () => undefined);
	const chunk = Buffer.alloc(1 << 20, 7);
	for (let count = 0; count < 24 && !socket.destroyed; count++) {
		socket.write(chunk);
	}

	const kept = await peer.kept(deadline);
	t.true(kept.length >= 1 << 24 && kept.length < (1 << 24) + (1 << 20), String(kept.length));
	t.true(kept.every((byte) => byte === 7));
	socket.destroy();
});

test.serial('a stream that breaks off is told of with what came of it', async (t) => {
	await using peer = await open();
	using deadline = inTime();
	const data = Buffer.alloc(1000, 1);
	const socket = await connect(peer.ports.take);
	socket.write(data);
	while ((await bytesRead(socket)) > 0);
	socket.resetAndDestroy();
	t.deepEqual(await peer.taken(deadline), {bytes: 1000, sha256: sha256(data)});
});

/** What the other end has not read yet: bytes in the queue of its socket (proc_net_tcp.txt). */
const bytesRead = async (socket: net.Socket): Promise<number> => {
	const port = (socket.remotePort ?? 0).toString(16).toUpperCase().padStart(4, '0');
	const from = (socket.localPort ?? 0).toString(16).toUpperCase().padStart(4, '0');
	const table = await readFile('/proc/net/tcp', 'utf8');
	const line = table.split('\n').find((one) => one.includes(`0100007F:${port} 0100007F:${from}`));
	return Number.parseInt(line?.trim().split(/\s+/v)[4]?.split(':')[1] ?? '1', 16);
};

test.serial('what waits for a stream that never comes meets the deadline', async (t) => {
	await using peer = await open();
	using deadline = new Deadline({phase: 'stream', budgetMs: 100});
	await t.throwsAsync(peer.taken(deadline), {
		instanceOf: DeadlineError,
		message: 'Phase "stream" was not over after 0.1 s',
	});
});

test.serial('offloads of an interface are set, and what cannot be set is named', async (t) => {
	await using network = await openTestNetwork(`${vethPair}\nip link set lo up`);
	await using peer = await open({enter: network.enter, interface: 'lab0'});
	using deadline = inTime();
	await peer.setOffloads({tx: true, sg: true, tso: true, gso: true}, deadline);
	await peer.setOffloads({tso: false, gso: false, tx: false}, deadline);
	await using lost = await open({enter: network.enter, interface: 'lab9'});
	const message = 'The offloads of the tap cannot be set: No such device';
	await t.throwsAsync(lost.setOffloads({tso: false}, deadline), {instanceOf: HostError, message});
	// One answer a question, also after a refusal, and a refusal after an answer.
	await t.throwsAsync(lost.setOffloads({tso: false}, deadline), {instanceOf: HostError, message});
	await Promise.all([peer.setOffloads({tso: true}, deadline), peer.setOffloads({gso: true}, deadline)]);
	const [file, ...args] = [...network.enter, 'ip', 'link', 'delete', 'lab0'] as const;
	await execa(file, args);
	await t.throwsAsync(peer.setOffloads({tso: false}, deadline), {instanceOf: HostError, message});
});

test.serial('a helper that is killed is named, at once and from then on', async (t) => {
	await using peer = await open();
	using deadline = inTime();
	const waiting = peer.taken(deadline);
	const [pid = 0] = await helpers();
	process.kill(pid, 'SIGKILL');
	const expected = {instanceOf: HostError, message: 'The traffic helper in the lab ended: SIGKILL'};
	await t.throwsAsync(waiting, expected);
	await t.throwsAsync(peer.kept(deadline), expected);
	await t.throwsAsync(peer.setOffloads({tso: true}, deadline), expected);
});

test.serial('a helper that cannot start says why', async (t) => {
	await t.throwsAsync(open({address: '192.0.2.1'}), {
		instanceOf: HostError,
		message: /^The traffic helper in the lab ended: status 1, OSError: .*Cannot assign requested address/v,
	});
	await t.throwsAsync(open({enter: ['/nowhere/nsenter']}), {
		instanceOf: HostError,
		message: /^The traffic helper in the lab ended: .*ENOENT/v,
	});
	t.deepEqual(await helpers(), []);
});

test.serial('an abort, before and after, and a disposal leave no process', async (t) => {
	const abort = new AbortController();
	const opening = open({signal: abort.signal});
	abort.abort(new Error('enough'));
	await t.throwsAsync(opening, {message: 'enough'});
	await t.throwsAsync(open({signal: abort.signal}), {message: 'enough'});
	const later = new AbortController();
	const peer = await open({signal: later.signal});
	later.abort(new Error('enough'));
	using deadline = inTime();
	await t.throwsAsync(peer.taken(deadline), {instanceOf: HostError});
	await peer[Symbol.asyncDispose]();
	const other = await open();
	await other[Symbol.asyncDispose]();
	t.deepEqual(await helpers(), []);
});
