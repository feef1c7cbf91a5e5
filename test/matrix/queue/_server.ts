import {mkdir, rm, symlink} from 'node:fs/promises';
import {type AddressInfo, createServer} from 'node:net';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {execa} from 'execa';

export type TestServer = AsyncDisposable & {
	readonly url: string;
	readonly start: () => Promise<void>;
	/** Killed at once; what it has written down is there when it starts again. */
	readonly kill: () => Promise<void>;
	/** What it has written down is gone. */
	readonly forget: () => Promise<void>;
};

/**
 * A Redis server on a port of its own, with all of its files below a directory; it dies with the test.
 * Debian has the server as a link to redis-check-rdb (redis-server, /usr/bin): what it is called is what it does.
 */
export const openTestServer = async (
	directory: string,
	{
		password,
		fsync = 'always',
		tls = false,
	}: {readonly password?: string; readonly fsync?: 'always' | 'everysec'; readonly tls?: boolean} = {},
): Promise<TestServer> => {
	const program = path.join(directory, 'redis-server');
	await symlink(await inPath('redis-check-rdb'), program);
	const data = path.join(directory, 'redis');
	const port = await freePort();
	const certificate = tls ? await makeCertificate(directory) : undefined;
	let end = async (): Promise<void> => undefined;
	const server: TestServer = {
		url: `${tls ? 'rediss' : 'redis'}://127.0.0.1:${port}`,
		async start() {
			await mkdir(data, {recursive: true});
			const settings: Readonly<Record<string, string>> = {
				port: tls ? '0' : String(port),
				...(certificate !== undefined && {
					'tls-port': String(port),
					'tls-cert-file': certificate,
					'tls-key-file': `${certificate}.key`,
					'tls-ca-cert-file': certificate,
					'tls-auth-clients': 'no',
				}),
				bind: '127.0.0.1',
				dir: data,
				save: '',
				appendonly: 'yes',
				appendfsync: fsync,
				...(password !== undefined && {requirepass: password}),
			};
			const child = execa(
				'setpriv',
				[
					'--pdeathsig',
					'KILL',
					'--',
					program,
					...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
				],
				{reject: false, stdin: 'ignore', buffer: false},
			);
			end = async () => {
				child.kill('SIGKILL');
				await child;
			};
			const lines = createInterface({input: child.stdout});
			for await (const line of lines) {
				if (line.includes('Ready to accept connections')) {
					child.stdout.resume();
					return;
				}
			}

			throw new Error(`the server did not start: exit code ${(await child).exitCode ?? ''}`);
		},
		kill: async () => end(),
		async forget() {
			await rm(data, {recursive: true});
		},
		[Symbol.asyncDispose]: async () => end(),
	};
	await server.start();
	return server;
};

const inPath = async (name: string): Promise<string> => {
	const {stdout} = await execa('sh', ['-c', 'command -v "$0"', name], {reject: false});
	if (stdout === '') {
		throw new Error(`${name} is not there (Debian's redis-tools)`);
	}

	return stdout;
};

export const freePort = async (): Promise<number> => {
	const probe = createServer();
	await new Promise<void>((resolve) => {
		probe.listen(0, '127.0.0.1', resolve);
	});
	const {port} = probe.address() as AddressInfo;
	await new Promise((resolve) => {
		probe.close(resolve);
	});
	return port;
};

/** Of 127.0.0.1, by itself; its key lies beside it. */
const makeCertificate = async (directory: string): Promise<string> => {
	const file = certificateOf(directory);
	const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
	await execa('openssl', ['req', '-x509', '-nodes', '-days', '2', ...names, '-keyout', `${file}.key`, '-out', file]);
	return file;
};

/** Of the server with this directory. */
export const certificateOf = (directory: string): string => path.join(directory, 'certificate.pem');
