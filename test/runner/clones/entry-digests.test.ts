import {mkdir, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {dir} from 'tmp-promise';
import {digestFiles, filesMatch} from '../../../harness/runner/clones/entry-digests.ts';

const files = ['state', 'disk.qcow2', 'empty.qcow2', 'memory.crc32', 'about.json', 'boot/console-ttyS0.log'];

test('what a run reads of a saved machine is as it was, the logs of the boot too', async (t) => {
	const {path: entry, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	await mkdir(path.join(entry, 'boot'));
	for (const name of ['memory', ...files]) {
		await writeFile(path.join(entry, name), name);
	}

	await digestFiles(entry);
	t.true(await filesMatch(entry));
	for (const name of files) {
		await writeFile(path.join(entry, name), `${name} else`);
		t.false(await filesMatch(entry), name);
		await writeFile(path.join(entry, name), name);
	}

	await writeFile(path.join(entry, 'earlier.json'), 'any');
	t.true(await filesMatch(entry));
	await writeFile(path.join(entry, 'boot/more.log'), '');
	t.false(await filesMatch(entry));
	await rm(path.join(entry, 'boot'), {recursive: true});
	await t.throwsAsync(filesMatch(entry), {code: 'ENOENT'});
});
