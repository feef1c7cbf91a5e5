import {readdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {dir} from 'tmp-promise';
import {inByteOrder} from '../../../harness/image/build/in-byte-order.ts';
import {acquireLock} from '../../../harness/image/build/lock.ts';
import {openWorkFolder} from '../../../harness/image/pack/work-folder.ts';

const module = path.resolve(import.meta.dirname, '../../../harness/image/pack/work-folder.ts');

test('what a killed one left goes with the next one, what is in use stays', async (t) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const script = `import {writeFileSync} from 'node:fs';
		import {openWorkFolder} from ${JSON.stringify(module)};
		const folder = await openWorkFolder(${JSON.stringify(directory)});
		writeFileSync(folder.path + '/archive', 'x');
		process.kill(process.pid, 'SIGKILL');`;
	const {signal} = await execa(process.execPath, ['--input-type=module', '--eval', script], {reject: false});
	t.is(signal, 'SIGKILL');
	const [left = '', ...more] = await readdir(directory);
	t.deepEqual(more, [`${left}.lock`]);
	// Its lock goes a moment after it.
	await (await acquireLock(path.join(directory, `${left}.lock`)))[Symbol.asyncDispose]();
	await writeFile(path.join(directory, '.bootwright-pack-of-others'), '');

	const others = ['.bootwright-pack-of-others'];
	{
		await using first = await openWorkFolder(directory);
		await writeFile(path.join(first.path, 'archive'), '');
		await using second = await openWorkFolder(directory);
		const there = [first, second].flatMap((one) => [path.basename(one.path), `${path.basename(one.path)}.lock`]);
		t.deepEqual((await readdir(directory)).toSorted(inByteOrder), [...others, ...there].toSorted(inByteOrder));
		t.deepEqual(await readdir(first.path), ['archive']);
	}

	t.deepEqual(await readdir(directory), others);
});

test('a directory that is not there is told as it is', async (t) => {
	await t.throwsAsync(openWorkFolder('/nonexistent'), {code: 'ENOENT'});
});
