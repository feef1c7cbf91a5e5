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
	{password, fsync = 'always'}: {readonly password?: string; readonly fsync?: 'always' | 'everysec'} = {},
): Promise<TestServer> => {
	const program = path.join(directory, 'redis-server');
	await symlink(await inPath('redis-check-rdb'), program);
	const data = path.join(directory, 'redis');
	const port = await freePort();
	let end = async (): Promise<void> => undefined;
	const server: TestServer = {
		url: `redis://127.0.0.1:${port}`,
		async start() {
			await mkdir(data, {recursive: true});
			const settings: Readonly<Record<string, string>> = {
				port: String(port),
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
