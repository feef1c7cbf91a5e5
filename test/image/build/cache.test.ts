import {readdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {dir as temporaryDirectory} from 'tmp-promise';

const program = path.join(import.meta.dirname, '_builder.ts');

/** Those that a test which failed leaves behind. */
const running = new Set<{readonly kill: () => boolean}>();
test.after.always(() => {
	for (const child of running) {
		child.kill();
	}
});

type Builder = {
	/** Resolves when the process has said it. */
	readonly said: (line: string) => Promise<void>;
	readonly finish: () => void;
	readonly kill: (signal: NodeJS.Signals) => void;
	/** All it said, when it has ended. */
	readonly ended: Promise<string>;
};

const start = (home: string, ...args: readonly string[]): Builder => {
	const child = execa(process.execPath, [program, ...args], {env: {XDG_CACHE_HOME: home}, reject: false});
	running.add(child);
	const lines: string[] = [];
	let heard = Promise.withResolvers<undefined>();
	child.stdout.on('data', (chunk: Buffer) => {
		lines.push(...chunk.toString().split('\n'));
		heard.resolve(undefined);
		heard = Promise.withResolvers();
	});
	return {
		async said(line) {
			while (!lines.includes(line)) {
				await Promise.race([
					heard.promise,
					child.then(({stderr}) => {
						throw new Error(`it ended: ${lines.join('|')} ${stderr}`);
					}),
				]);
			}
		},
		finish: () => void child.stdin.write('\n'),
		kill: (signal) => void child.kill(signal),
		ended: child.then(({stdout}) => stdout),
	};
};

/** What lies in the cache, with the random end of unfinished directories cut off. */
const cacheOf = async (home: string): Promise<readonly string[]> => {
	const names = await readdir(path.join(home, 'bootwright/images'));
	return names.map((name) => name.replace(/\+.*/v, '+')).toSorted((a, b) => a.localeCompare(b, 'en'));
};

const cacheTest = (title: string, body: (t: ExecutionContext, home: string) => Promise<void>): void => {
	test(title, async (t) => {
		const {path: home, cleanup} = await temporaryDirectory({unsafeCleanup: true});
		try {
			await body(t, home);
		} finally {
			await cleanup();
		}
	});
};

cacheTest('of two processes one builds and the other waits for it', async (t, home) => {
	const first = start(home, 'one');
	await first.said('building');
	const second = start(home, 'one');
	await second.said('another process is building one; waiting for it');
	t.deepEqual(await cacheOf(home), ['.building-one+', '.locks']);
	first.finish();
	const place = path.join(home, 'bootwright/images/one');
	t.is(await first.ended, `building\nbuilt ${place}`);
	t.is(await second.ended, `another process is building one; waiting for it\nfound ${place}`);
	t.deepEqual(await readdir(place), ['half', 'whole']);
	t.deepEqual(await cacheOf(home), ['.locks', 'one']);
});

cacheTest('a waiting process builds when the first one fails', async (t, home) => {
	const first = start(home, 'one');
	await first.said('building');
	const second = start(home, 'one');
	await second.said('another process is building one; waiting for it');
	first.kill('SIGTERM');
	t.is(await first.ended, 'building\nAbortError: The operation was aborted');
	await second.said('building');
	second.finish();
	t.regex(await second.ended, /\nbuilt /v);
});

cacheTest('a build that is stopped leaves nothing', async (t, home) => {
	const builder = start(home, 'one');
	await builder.said('building');
	builder.kill('SIGTERM');
	await builder.ended;
	t.deepEqual(await cacheOf(home), ['.locks']);
});

cacheTest('a build that is killed leaves nothing that looks finished, and the next one clears up', async (t, home) => {
	const killed = [start(home, 'one'), start(home, 'two')];
	await Promise.all(killed.map(async (builder) => builder.said('building')));
	for (const builder of killed) {
		builder.kill('SIGKILL');
		await builder.ended;
	}

	t.deepEqual(await cacheOf(home), ['.building-one+', '.building-two+', '.locks']);
	const next = start(home, 'one');
	await next.said('building');
	t.deepEqual(await cacheOf(home), ['.building-one+', '.locks']);
	next.finish();
	t.is(await next.ended, `building\nbuilt ${path.join(home, 'bootwright/images/one')}`);
});

cacheTest('what somebody else is building is left alone', async (t, home) => {
	const first = start(home, 'one');
	await first.said('building');
	const second = start(home, 'two');
	await second.said('building');
	t.deepEqual(await cacheOf(home), ['.building-one+', '.building-two+', '.locks']);
	for (const builder of [first, second]) {
		builder.finish();
		t.regex(await builder.ended, /\nbuilt /v);
	}
});

cacheTest('a full disk is called that, and nothing is left on it', async (t, home) => {
	// A file system of 64 KiB, in a mount namespace of its own.
	const script = 'mount -t tmpfs -o size=64k none "$0" && "$@"; ls "$0/bootwright/images"';
	const args = ['-rm', 'sh', '-c', script, home, process.execPath, program, 'one', '1000000'];
	const {stdout} = await execa('unshare', args, {env: {XDG_CACHE_HOME: home}});
	t.is(stdout, 'HostError: No space left on the disk while building an image');
});

cacheTest('a cache that cannot be written to is named', async (t, home) => {
	await writeFile(path.join(home, 'file'), '');
	const cache = path.join(home, 'file/bootwright/images');
	t.is(
		await start(path.join(home, 'file'), 'one').ended,
		`HostError: Cannot write to the image cache ${cache}: ENOTDIR: not a directory, mkdir '${cache}/.locks'`,
	);
});
