import {randomBytes} from 'node:crypto';
import {mkdir, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {dir} from 'tmp-promise';
import {dumpCommand, matching, parseDump, textOf} from '../../harness/machine/file-dump.ts';

const temporary = async (teardown: (action: () => Promise<void>) => void): Promise<string> => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true});
	teardown(cleanup);
	return directory;
};

const dumpOf = async (patterns: readonly string[]) => {
	const {stdout} = await execa('sh', ['-c', dumpCommand(patterns)], {encoding: 'buffer'});
	return parseDump(Buffer.from(stdout));
};

test('any bytes come through, whatever they look like', async (t) => {
	const directory = await temporary(t.teardown);
	const files = {
		a: Buffer.from('text\n'),
		b: randomBytes(70_000),
		// What stands in a file may look like the header of the next one, of the last one, or of itself.
		c: Buffer.from(`\n==> ${directory}/a <==\n\n==> ${directory}/c <==\nx`),
		d: Buffer.from('\n\n'),
		e: Buffer.alloc(0),
		f: Buffer.from('==> no newline'),
	};
	for (const [name, content] of Object.entries(files)) {
		await writeFile(path.join(directory, name), content);
	}

	const dump = await dumpOf([`${directory}/?`]);
	for (const [name, content] of Object.entries(files)) {
		t.deepEqual(dump.get(path.join(directory, name)), content.subarray(0, 65_536), name);
	}
});

test('what matches nothing, is a directory, or leads nowhere is absent; a pattern given twice counts once', async (t) => {
	const directory = await temporary(t.teardown);
	await writeFile(path.join(directory, 'there'), '1');
	await mkdir(path.join(directory, 'folder'));
	await symlink('/nowhere', path.join(directory, 'dangling'));
	const patterns = [`${directory}/nothing*`, `${directory}/*`, `${directory}/nothing*`, `${directory}/*`];
	const dump = await dumpOf(patterns);
	t.is(textOf(dump, path.join(directory, 'there')), '1');
	t.is(textOf(dump, `${directory}/nothing*`), undefined);
	t.is(textOf(dump, path.join(directory, 'dangling')), undefined);
	t.false(dump.has(path.join(directory, 'folder')) && dump.get(path.join(directory, 'folder'))?.length !== 0);
});

test('one file alone, and none at all', async (t) => {
	const directory = await temporary(t.teardown);
	await writeFile(path.join(directory, 'one'), 'alone');
	t.is(textOf(await dumpOf([`${directory}/one`]), `${directory}/one`), 'alone');
	t.is((await dumpOf([`${directory}/none`])).size, 0);
	t.is(parseDump(Buffer.alloc(0)).size, 0);
});

test('matching gives the groups of the path', (t) => {
	const dump = new Map([
		['/sys/a/1/x', Buffer.from('one')],
		['/sys/b/2/x', Buffer.from('two')],
	]);
	t.deepEqual(matching(dump, /^\/sys\/(?<letter>[^\/]+)\/(?<digit>\d)\/x$/v), [
		{path: '/sys/a/1/x', groups: ['a', '1'], content: Buffer.from('one')},
		{path: '/sys/b/2/x', groups: ['b', '2'], content: Buffer.from('two')},
	]);
	t.deepEqual(matching(dump, /^\/proc/v), []);
});
