import {readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {dir} from 'tmp-promise';
import {boundedLog} from '../../harness/lab/bounded-log.ts';

test('a guest that asks without end fills 10 MiB and no more, and the file says so', async (t) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const file = path.join(directory, 'log');
	const log = boundedLog(file, 'full');
	for (let count = 0; count < 12; count++) {
		log(`${count} ${'x'.repeat(1024 * 1024)}`);
	}

	const {size} = await stat(file);
	t.true(size > 9 * 1024 * 1024 && size < 10 * 1024 * 1024, String(size));
	t.deepEqual(
		(await readFile(file, 'utf8')).split('\n').map((line) => line.slice(0, 4).trim()),
		['0 xx', '1 xx', '2 xx', '3 xx', '4 xx', '5 xx', '6 xx', '7 xx', '8 xx', 'full', ''],
	);
});

test('a file that cannot be written stops nothing', (t) => {
	const log = boundedLog('/nowhere/log', 'full');
	t.notThrows(() => log('line'));
});
