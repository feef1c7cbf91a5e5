import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import {messageOf} from '../core/errors.ts';
import {boundedLog} from './bounded-log.ts';
import {dnsmasqArguments, dnsmasqLeased, dnsmasqReady} from './dnsmasq.ts';
import {ipBatch, metadataAddress} from './lab-network.ts';
import {type FromLab, type LabFailure, type ToLab} from './messages.ts';
import {type MetadataServer, startMetadataServer} from './metadata/metadata-server.ts';

/**
 * The process that lives inside the lab's namespace and holds it open: makes the network, serves leases, names and metadata.
 * It ends when the run closes its standard input, whatever the reason; with it go its children and the namespace.
 */
const main = async (): Promise<void> => {
	const lines = createInterface({input: process.stdin});
	// eslint-disable-next-line no-restricted-properties -- a process of its own, whose other children end with it
	const end = (): never => process.exit(0);
	lines.on('close', () => void making.catch(() => undefined).then(end));
	let server: MetadataServer | undefined;
	for await (const line of lines) {
		const message = JSON.parse(line) as ToLab;
		if (message.type === 'open') {
			server = await open(message);
		} else {
			server?.update(message.data);
		}
	}
};

/** `ip` is not told when this process ends: it is waited for, some 50 ms at most. */
let making: Promise<void> = Promise.resolve();

const tell = (message: FromLab): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

const fail = (failure: LabFailure): never => {
	tell({type: 'failed', failure});
	throw new Error(failure.what);
};

const open = async ({
	network,
	dnsmasqLog,
	metadata,
	fault,
}: Extract<ToLab, {type: 'open'}>): Promise<MetadataServer> => {
	making = makeNetwork(ipBatch(network));
	await making;
	const [server] = await Promise.all([
		startMetadataServer({
			host: metadataAddress,
			port: 80,
			data: metadata,
			...(fault !== undefined && {fault}),
			onRequest: (request) => tell({type: 'request', request}),
		}).catch((error: unknown) => fail({what: messageOf(error)})),
		serveLeases(dnsmasqArguments(network), dnsmasqLog),
	]);
	tell({type: 'up'});
	return server;
};

const makeNetwork = async (batch: string): Promise<void> => {
	const {code, words} = await run('ip', ['-batch', '-'], batch);
	if (code !== 0) {
		// Of the one file that it opens, `ip` says no name (iproute2, ip/iptuntap.c, tap_add_ioctl).
		const why = words.replace(/^open: /v, '/dev/net/tun: ');
		fail({what: `The network of the lab cannot be made: ${why}`, denied: true});
	}
};

const run = async (
	file: string,
	args: readonly string[],
	input: string,
): Promise<{readonly code: unknown; readonly words: string}> => {
	const child = spawn(file, args, {stdio: ['pipe', 'ignore', 'pipe']});
	let words = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		words = `${words}${text}`.slice(-2000);
	});
	child.stdin.on('error', () => undefined);
	child.stdin.end(input);
	try {
		const [code] = (await once(child, 'close')) as [number | null];
		return {code, words: words.trim().replaceAll('\n', '; ')};
	} catch (error) {
		return {code: undefined, words: messageOf(error)};
	}
};

/** Settles when dnsmasq answers. Its end is the end of the lab. */
const serveLeases = async (args: readonly string[], logPath: string): Promise<void> => {
	const log = boundedLog(logPath, 'The log is full: what came after this is not kept.');
	// The kernel ends it with this process, whatever ends that.
	const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', 'dnsmasq', ...args], {
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	const {promise, resolve} = Promise.withResolvers<undefined>();
	let last = '';
	createInterface({input: child.stderr}).on('line', (line) => {
		log(line);
		last = line;
		if (dnsmasqReady.test(line)) {
			resolve(undefined);
		} else if (dnsmasqLeased.test(line)) {
			tell({type: 'lease'});
		}
	});
	child.on('error', (error) => {
		tell({type: 'failed', failure: {what: `dnsmasq cannot be started: ${error.message}`}});
	});
	child.on('close', (code, signal) => {
		const missing = code === 127 || /setpriv: .*No such file/v.test(last);
		tell({
			type: 'failed',
			failure: missing
				? {what: 'dnsmasq is missing', hint: 'sudo apt-get install dnsmasq-base'}
				: {
						what: `dnsmasq, which serves leases and names in the lab, ended (${signal ?? `status ${code ?? ''}`}): ${last}`,
					},
		});
	});
	await promise;
};

await main();
