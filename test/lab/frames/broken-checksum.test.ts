import {spawn} from 'node:child_process';
import {once} from 'node:events';
import path from 'node:path';
import {createInterface} from 'node:readline';
import test from 'ava';
import {Deadline} from '../../../harness/core/deadline.ts';
import {
	breakChecksum,
	corruptChecksum,
	tcpSynChecksumPair,
	udpChecksumPair,
} from '../../../harness/lab/frames/broken-checksum.ts';
import {buildPacket, mustParse} from '../../../harness/lab/frames/build-packet.ts';
import {openFrameTool} from '../../../harness/lab/frames/frame-tool.ts';
import {parsePacket, tcpFlags} from '../../../harness/lab/frames/packet.ts';
import {plainHeader} from '../../../harness/lab/frames/vnet-header.ts';
import {counters} from './_counters.ts';
import {flow4} from './_flow.ts';
import {openTestNetwork, vethPair} from './_network.ts';

test('right ones reach the socket, broken ones are counted and nothing else', async (t) => {
	await using network = await openTestNetwork(`${vethPair}
		ip address add 10.128.0.2/24 dev guest0
		ip neighbour add 10.128.0.1 lladdr 42:01:0a:80:00:01 dev guest0`);
	const {enter} = network;
	await using lab = await openFrameTool({enter, interface: 'lab0', signal: new AbortController().signal});
	using deadline = new Deadline({phase: 'test', budgetMs: 20_000});
	const program = path.join(import.meta.dirname, '_listen.py');
	const [file, ...args] = [...enter, '/usr/bin/python3', program, '10.128.0.2'];
	const listener = spawn(file, args, {stdio: ['ignore', 'pipe', 'inherit']});
	const said: string[] = [];
	createInterface({input: listener.stdout}).on('line', (line) => {
		said.push(line);
	});
	await once(listener.stdout, 'data');

	const before = await counters(network);
	await using answers = await lab.capture({filter: {ipProtocol: 6, direction: 'from-guest'}, maxFrames: 100, deadline});
	const marked = udpChecksumPair(flow4, Buffer.from('marked'));
	const last = udpChecksumPair(flow4, Buffer.from('last'));
	const [syn1, syn2] = [
		tcpSynChecksumPair(flow4, 1000),
		tcpSynChecksumPair({...flow4, source: {...flow4.source, port: 1501}}, 2000),
	];
	await lab.inject([marked.right, marked.broken, syn1.broken, syn2.right, last.right], deadline);
	while (!said.includes('last')) {
		await once(listener.stdout, 'data', {signal: deadline.signal});
	}

	t.deepEqual(said, ['ready', 'marked', 'last']);
	const {frames} = await answers.stop(deadline);
	const replies = new Set(
		frames.map(({bytes}) => {
			const transport = parsePacket(bytes)?.transport;
			return transport?.kind === 'tcp'
				? `${transport.destinationPort} ${transport.flags} ${transport.acknowledgement}`
				: '';
		}),
	);
	t.deepEqual(replies, new Set([`1501 ${tcpFlags.syn | tcpFlags.ack} 2001`]));
	const after = await counters(network);
	t.is(after.brokenTcp - before.brokenTcp, 1);
	t.is(after.brokenUdp - before.brokenUdp, 1);
	listener.kill();
});

test('nothing but the checksum differs, and nobody vouches for it', (t) => {
	const {right, broken} = udpChecksumPair(flow4, Buffer.from('x'));
	t.deepEqual([right.header, broken.header], [plainHeader, plainHeader]);
	t.deepEqual(
		right.bytes
			.keys()
			.filter((at) => right.bytes[at] !== broken.bytes[at])
			.toArray(),
		[40, 41],
	);
});

test('a broken checksum is never the absent one', (t) => {
	const frame = buildPacket({flow: flow4, payload: Buffer.from('x')});
	frame.writeUInt16BE(0x55_55, 40);
	t.is(mustParse(breakChecksum(frame)).transport.checksum, 0xaa_aa);
});

test('a corrupted checksum differs from the right one and from the broken one; other frames stay as they are', (t) => {
	const {right, broken} = udpChecksumPair(flow4, Buffer.from('payload'));
	const sums = [right.bytes, broken.bytes, corruptChecksum(right.bytes), corruptChecksum(broken.bytes)].map(
		(frame) => mustParse(frame).transport.checksum,
	);
	t.is(new Set(sums).size, 4);
	const other = Buffer.alloc(60);
	t.is(corruptChecksum(other), other);
});
