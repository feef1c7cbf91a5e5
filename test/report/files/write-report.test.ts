import {lstat, readFile, readdir, readlink, symlink, truncate, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {dir} from 'tmp-promise';
import {HostError} from '../../../harness/core/errors.ts';
import {writeReport} from '../../../harness/report/files/write-report.ts';

const placeOf = async (t: ExecutionContext): Promise<string> => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	return directory;
};

test('a link stays one, and what it leads to is written, also where that is not there yet', async (t) => {
	const directory = await placeOf(t);
	await writeFile(path.join(directory, 'old'), 'old text');
	await symlink('old', path.join(directory, 'link'));
	await symlink('new', path.join(directory, 'to-new'));
	await symlink('to-new', path.join(directory, 'further'));
	await writeReport(path.join(directory, 'link'), 'text');
	await writeReport(path.join(directory, 'further'), ['te', 'xt']);
	t.is(await readFile(path.join(directory, 'old'), 'utf8'), 'text');
	t.is(await readFile(path.join(directory, 'new'), 'utf8'), 'text');
	t.is(await readlink(path.join(directory, 'link')), 'old');
	t.is(await readlink(path.join(directory, 'further')), 'to-new');
	t.deepEqual(new Set(await readdir(directory)), new Set(['further', 'link', 'new', 'old', 'to-new']));
});

test('a FIFO gets the report, and stays one', async (t) => {
	const directory = await placeOf(t);
	const fifo = path.join(directory, 'fifo');
	await execa('mkfifo', [fifo]);
	const [text] = await Promise.all([readFile(fifo, 'utf8'), writeReport(fifo, ['a', 'b'])]);
	t.is(text, 'ab');
	t.true((await lstat(fifo)).isFIFO());
	await t.throwsAsync(writeReport(fifo, 'text'), {instanceOf: HostError, message: /^Cannot write .*fifo: ENXIO/v});
	t.deepEqual(await readdir(directory), ['fifo']);
});

test('a device of characters stays one, and what it says is told', async (t) => {
	const directory = await placeOf(t);
	const [sink, full] = [path.join(directory, 'null'), path.join(directory, 'full')];
	// Root alone may make one; not in every container, and not on every file system is it one.
	const made = await execa('sh', ['-c', 'mknod "$1" c 1 3 && mknod "$2" c 1 7 && : >"$1"', 'sh', sink, full], {
		reject: false,
	});
	if (made.exitCode !== 0) {
		t.log(`not tried: ${made.stderr}`);
		t.pass();
		return;
	}

	await writeReport(sink, 'text');
	await t.throwsAsync(writeReport(full, 'text'), {
		instanceOf: HostError,
		message: new RegExp(`^Cannot write ${full}: ENOSPC`, 'v'),
	});
	t.true((await lstat(sink)).isCharacterDevice());
	t.true((await lstat(full)).isCharacterDevice());
	t.deepEqual(new Set(await readdir(directory)), new Set(['full', 'null']));
});

test('standard output gets the report where it is, a file too', async (t) => {
	const directory = await placeOf(t);
	const out = path.join(directory, 'out');
	await writeFile(out, 'of before, and long enough\n');
	await truncate(out, 10);
	// As /dev/stdout is one; that itself would be lost to a mistake here, where root runs this.
	await symlink('/proc/self/fd/1', path.join(directory, 'stdout'));
	const module = path.resolve(import.meta.dirname, '../../../harness/report/files/write-report.ts');
	const script = `const {writeReport} = await import(${JSON.stringify(module)});
console.log('begin');
await writeReport('stdout', ['the ', 'report ']);
console.log('end');`;
	const program = [process.execPath, '--input-type=module', '--eval', script];
	await execa('sh', ['-c', 'out=$1; shift; exec "$@" >>"$out"', 'sh', out, ...program], {cwd: directory});
	t.is(await readFile(out, 'utf8'), 'of before,begin\nthe report end\n');
	const {stdout} = await execa('sh', ['-c', '"$@" | cat', 'sh', ...program], {cwd: directory});
	t.is(stdout, 'begin\nthe report end');
	t.deepEqual(new Set(await readdir(directory)), new Set(['out', 'stdout']));
	t.is(await readlink(path.join(directory, 'stdout')), '/proc/self/fd/1');
});

test('what broke off leaves the old text, and no part of the new one', async (t) => {
	const directory = await placeOf(t);
	const file = path.join(directory, 'report');
	await writeFile(file, 'old text');
	const broken = function* (): Generator<string> {
		yield 'some';
		throw new Error('ENOSPC: no space left on device');
	};

	await t.throwsAsync(writeReport(file, broken()), {instanceOf: HostError, message: /^Cannot write .*: ENOSPC/v});
	t.is(await readFile(file, 'utf8'), 'old text');
	t.deepEqual(await readdir(directory), ['report']);
});
