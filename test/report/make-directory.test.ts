import {mkdir, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {dir} from 'tmp-promise';
import {makeDirectory} from '../../harness/report/make-directory.ts';

test('what is lacking above it is made too; what is there stays', async (t) => {
	const {path: place, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	await mkdir(path.join(place, 'a'), {mode: 0o750});
	makeDirectory(path.join(place, 'a/b/c'));
	makeDirectory(path.join(place, 'a/b/c'));
	t.true((await stat(path.join(place, 'a/b/c'))).isDirectory());
	t.is((await stat(path.join(place, 'a'))).mode & 0o777, 0o750);
	makeDirectory(path.join(place, 'own/er'), {mode: 0o700});
	t.is((await stat(path.join(place, 'own/er'))).mode & 0o777, 0o700);
	await writeFile(path.join(place, 'file'), '');
	for (const below of ['file', 'file/more', 'file/more/still']) {
		t.throws(() => makeDirectory(path.join(place, below)), {code: 'ENOTDIR'});
	}
});
