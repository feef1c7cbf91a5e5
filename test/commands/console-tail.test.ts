import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {dir} from 'tmp-promise';
import {consoleTail} from '../../harness/commands/console-tail.ts';

test('the last line with text on it, each character of it one column wide', async (t) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	t.is(consoleTail(directory), '');
	const log = path.join(directory, 'console-ttyS0.log');
	await writeFile(log, '');
	t.is(consoleTail(directory), '');
	await writeFile(log, `${'x'.repeat(100_000)}\r\n[    1.5] \u001B[31mred\u001B[0m 漢\u0007\r\n\r\n`);
	t.is(consoleTail(directory), '[    1.5] red ?');
	t.notRegex(consoleTail(directory), /[^ -~]/v);
	await writeFile(log, 'y'.repeat(100_000));
	t.regex(consoleTail(directory), /^y{200}/v);
	t.true(consoleTail(directory).length < 300);
});
