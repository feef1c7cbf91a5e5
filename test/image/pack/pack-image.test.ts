import {createHash} from 'node:crypto';
import {
	chmod,
	copyFile,
	link,
	mkdir,
	open,
	readFile,
	readdir,
	stat,
	symlink,
	utimes,
	writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import {Readable} from 'node:stream';
import {buffer} from 'node:stream/consumers';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {dir} from 'tmp-promise';
import {startTimer} from '../../../harness/core/clock.ts';
import {UsageError} from '../../../harness/core/errors.ts';
import {inspectCandidate} from '../../../harness/image/inspect.ts';
import {compressor} from '../../../harness/image/pack/compressor.ts';
import {startPacking} from '../../../harness/image/pack/import-archive.ts';
import {lookIntoArchive, lookIntoGzip} from '../../../harness/image/pack/look-into-archive.ts';
import {packImage} from '../../../harness/image/pack/pack-image.ts';
import {tryToPack} from '../../../harness/image/pack/try-to-pack.ts';

const {signal} = new AbortController();
const gibibyte = 1024 ** 3;
const gzip = await compressor();

const place = async (t: ExecutionContext): Promise<string> => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true});
	t.teardown(cleanup);
	return directory;
};

/** Mostly holes, some bytes, and zeros that are no hole. */
const makeDisk = async (file: string, bytes = gibibyte): Promise<void> => {
	await using handle = await open(file, 'w');
	await handle.truncate(bytes);
	await handle.write(Buffer.from('boot sector'), 0, 11, 0);
	await handle.write(Buffer.alloc(1_000_000), 0, 1_000_000, 50_000_000);
	await handle.write(Buffer.alloc(3_000_001, 'bytes'), 0, 3_000_001, 60_000_003);
};

const filesIn = async (directory: string): Promise<readonly string[]> =>
	(await readdir(directory)).toSorted((a, b) => a.localeCompare(b));

const options = {pad: false, level: 1, force: false, signal};

test('an archive as the import wants it, which GNU tar unpacks to the same bytes', async (t) => {
	const directory = await place(t);
	// No name that a pattern or an option could be made of.
	const file = path.join(directory, "-a 'b' $(c) ; s,x,y,.raw");
	await makeDisk(file);
	const candidate = await inspectCandidate(file, {signal});
	const before = await stat(file);
	const to = path.join(directory, 'out.tar.gz');
	const packed = await packImage(candidate, {...options, to});
	const sha256 = createHash('sha256')
		.update(await readFile(file))
		.digest('hex');
	t.like(packed, {path: to, diskBytes: gibibyte, sha256});
	t.true(packed.bytes < 2_000_000, String(packed.bytes));
	t.is((await stat(file)).mtimeMs, before.mtimeMs);
	const {stdout} = await execa('tar', ['--list', '--verbose', '--numeric-owner', '--utc', '--file', to]);
	t.is(stdout, '-rw-r--r-- 0/0      1073741824 1970-01-01 00:00 disk.raw');
	t.deepEqual(await filesIn(directory), [path.basename(file), 'out.tar.gz']);
});

test('the same bytes give the same archive, whatever the file is otherwise', async (t) => {
	const directory = await place(t);
	const first = path.join(directory, 'first.raw');
	const bytes = 80 * 1024 ** 2;
	await makeDisk(first, bytes);
	const second = path.join(directory, 'second.img');
	// No holes any more, another time, other rights.
	await execa('cp', ['--sparse=never', first, second]);
	await utimes(second, 1, 1);
	await chmod(second, 0o600);
	const archives = await Promise.all(
		[first, second].map(async (file) => {
			await using packing = await startPacking(file, {bytes, gzip, level: 1});
			return await buffer(packing.stdout);
		}),
	);
	t.true(archives[0]?.equals(archives[1] ?? Buffer.alloc(0)));
});

test('a size that the import refuses is explained; --pad adds zeros to a copy', async (t) => {
	const directory = await place(t);
	const file = path.join(directory, 'odd.raw');
	await makeDisk(file, gibibyte - 512);
	const candidate = await inspectCandidate(file, {signal});
	const to = path.join(directory, 'odd.tar.gz');
	const error = await t.throwsAsync(packImage(candidate, {...options, to}), {
		message: `${file} has 1073741312 bytes; the import takes a whole number of GiB`,
	});
	t.regex(String((error as {hint?: string}).hint), /^--pad adds 512 bytes of zeros/);
	const packed = await packImage(candidate, {...options, to, pad: true});
	t.is(packed.diskBytes, gibibyte);
	t.is((await stat(file)).size, gibibyte - 512);
	const padded = Buffer.concat([await readFile(file), Buffer.alloc(512)]);
	t.is(packed.sha256, createHash('sha256').update(padded).digest('hex'));
	t.deepEqual(await filesIn(directory), ['odd.raw', 'odd.tar.gz']);
});

test('nothing is left of an archive that was interrupted, or found no space', async (t) => {
	const directory = await place(t);
	const file = path.join(directory, 'a.raw');
	await makeDisk(file);
	const candidate = await inspectCandidate(file, {signal});
	const interruption = new AbortController();
	const packing = packImage(candidate, {...options, to: path.join(directory, 'a.tar.gz'), signal: interruption.signal});
	startTimer(100, () => interruption.abort(new Error('enough')));
	await t.throwsAsync(packing, {message: 'enough'});
	await t.throwsAsync(packImage(candidate, {...options, to: '/dev/full/a.tar.gz'}));
	t.deepEqual(await readdir(directory), ['a.raw']);
});

test('the image itself is never the output, whatever it is called', async (t) => {
	const directory = await place(t);
	const file = path.join(directory, 'a.raw');
	await makeDisk(file);
	const candidate = await inspectCandidate(file, {signal});
	const [hard, soft] = [path.join(directory, 'hard.tar.gz'), path.join(directory, 'soft.tar.gz')];
	await link(file, hard);
	await symlink('a.raw', soft);
	for (const to of [file, hard, soft]) {
		for (const force of [false, true]) {
			await t.throwsAsync(packImage(candidate, {...options, to, force}), {
				instanceOf: UsageError,
				message: `${to} is the image itself, which is never written`,
			});
		}
	}

	t.is((await stat(file)).size, gibibyte);
	t.deepEqual(await filesIn(directory), ['a.raw', 'hard.tar.gz', 'soft.tar.gz']);
});

test('an output that cannot be one is refused before anything is packed', async (t) => {
	const directory = await place(t);
	const file = path.join(directory, 'a.raw');
	await makeDisk(file);
	const candidate = await inspectCandidate(file, {signal});
	const [there, folder] = [path.join(directory, 'there.tar.gz'), path.join(directory, 'folder')];
	await writeFile(there, 'something');
	await mkdir(folder);
	const refused = async (to: string, message: RegExp, force = true) =>
		t.throwsAsync(packImage(candidate, {...options, to, force}), {instanceOf: UsageError, message});
	await refused(there, /there\.tar\.gz is there already$/, false);
	await refused(folder, /folder is a directory$/);
	await refused(path.join(directory, 'missing/x.tar.gz'), /missing\/x\.tar\.gz cannot be written: ENOENT/);
	await refused(path.join(there, 'x.tar.gz'), /cannot be written: ENOTDIR/);
	t.is(await readFile(there, 'utf8'), 'something');
});

test('what is in an archive that somebody else made', async (t) => {
	const directory = await place(t);
	await writeFile(path.join(directory, 'disk.raw'), 'disk');
	await copyFile(path.join(directory, 'disk.raw'), path.join(directory, 'more'));
	const made = async (...args: readonly string[]) => {
		const file = path.join(directory, 'made.tar.gz');
		await execa('tar', ['--create', '--gzip', `--directory=${directory}`, `--file=${file}`, ...args]);
		return lookIntoGzip(file, {gzip});
	};

	const sha256 = createHash('sha256').update('disk').digest('hex');
	t.deepEqual(await made('--format=oldgnu', 'disk.raw'), {names: ['disk.raw'], format: 'GNU', sha256, bytes: 4});
	t.like(await made('--format=gnu', 'disk.raw', 'more'), {names: ['disk.raw', 'more'], format: 'GNU', bytes: 8});
	t.like(await made('--format=posix', 'disk.raw'), {format: 'POSIX', sha256});
	await writeFile(path.join(directory, 'no.tar.gz'), 'no archive');
	await t.throwsAsync(lookIntoGzip(path.join(directory, 'no.tar.gz'), {gzip}), {message: /tar|gzip|pigz/});
	const whole = await readFile(path.join(directory, 'made.tar.gz'));
	await writeFile(path.join(directory, 'cut.tar.gz'), whole.subarray(0, -40));
	await t.throwsAsync(lookIntoGzip(path.join(directory, 'cut.tar.gz'), {gzip}), {message: /pigz|gzip|tar/});
});

test('an archive with more behind its end is read to the end', async (t) => {
	const directory = await place(t);
	await writeFile(path.join(directory, 'disk.raw'), 'disk');
	const {stdout} = await execa('tar', ['--create', '--format=gnu', `--directory=${directory}`, 'disk.raw'], {
		encoding: 'buffer',
	});
	let isRead = false;
	const source = Readable.from(
		(function* () {
			yield Buffer.from(stdout);
			for (let chunk = 0; chunk < 200; chunk++) {
				yield Buffer.alloc(100_000, 'x');
			}

			isRead = true;
		})(),
	);
	t.like(await lookIntoArchive(source), {names: ['disk.raw'], format: 'GNU', bytes: 4});
	t.true(isRead);
});

test('an image is packed on trial without a file, and an archive is taken as it is', async (t) => {
	const directory = await place(t);
	const file = path.join(directory, 'a.raw');
	await makeDisk(file, 80 * 1024 ** 2);
	const {path: at, origin, bytes} = await inspectCandidate(file, {signal});
	const sha256 = createHash('sha256')
		.update(await readFile(file))
		.digest('hex');
	const expected = {names: ['disk.raw'], format: 'GNU', sha256, bytes};
	const cache = process.env['XDG_CACHE_HOME'];
	process.env['XDG_CACHE_HOME'] = path.join(directory, 'cache');
	t.teardown(() => {
		if (cache === undefined) {
			delete process.env['XDG_CACHE_HOME'];
		} else {
			process.env['XDG_CACHE_HOME'] = cache;
		}
	});
	// Twice: the second answer is one that was kept.
	t.deepEqual(await tryToPack({path: at, origin, bytes}, {sha256, signal}), expected);
	t.deepEqual(await tryToPack({path: at, origin, bytes}, {sha256, signal}), expected);

	t.deepEqual(await filesIn(directory), ['a.raw', 'cache']);
	const archive = path.join(directory, 'posix.tar.gz');
	await copyFile(file, path.join(directory, 'disk.raw'));
	await execa('tar', [
		'--create',
		'--gzip',
		'--sparse',
		'--format=posix',
		`--directory=${directory}`,
		`--file=${archive}`,
		'disk.raw',
	]);
	const made = await tryToPack({path: at, bytes, origin: {kind: 'archive', path: archive}}, {sha256, signal});
	t.deepEqual(made, {...expected, format: 'POSIX'});
});
