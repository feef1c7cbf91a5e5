import {mkdir, rename, utimes, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {dir} from 'tmp-promise';
import {type Digests, digestsOf} from '../../../harness/matrix/queue/digests.ts';
import {cellsIn} from '../_matrix.ts';

const openFiles = async (t: ExecutionContext): Promise<(name: string) => string> => {
	const {path: place, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	return (name) => path.join(place, name);
};

const digests = async (text: string): Promise<Digests> => {
	const [cell] = cellsIn(text);
	return digestsOf(cell!, new AbortController().signal);
};

test('a scenario is among the files that machines must have alike', async (t) => {
	const file = await openFiles(t);
	const matrix = `images: [{image: ${file('x.raw')}, options: {scenario: [${file('a.ts')}, ${file('b.ts')}], password-file: ${file('secret')}}}]`;
	for (const name of ['x.raw', 'a.ts', 'secret']) {
		await writeFile(file(name), name);
	}

	const before = await digests(matrix);
	t.deepEqual(Object.keys(before), [file('x.raw'), file('a.ts'), file('b.ts')]);
	t.is(before[file('b.ts')], null);
	await writeFile(file('a.ts'), 'other');
	t.not((await digests(matrix))[file('a.ts')], before[file('a.ts')]);
});

test("a kernel's modules are told by names and bytes, not by times", async (t) => {
	const file = await openFiles(t);
	const modules = file('out');
	const matrix = `images: [{kernel: ${file('bzImage')}, options: {modules: ${modules}}}]`;
	const digest = async (): Promise<string | null | undefined> => (await digests(matrix))[modules];
	await mkdir(file('out/lib/modules/6.1.0'), {recursive: true});
	await writeFile(file('out/lib/modules/6.1.0/a.ko'), 'a');
	t.is(await digest(), null, 'without modules.dep it is none');
	await writeFile(file('out/lib/modules/6.1.0/modules.dep'), '');
	const first = await digest();
	t.regex(first ?? '', /^[\da-f]{64}$/v);
	await utimes(file('out/lib/modules/6.1.0/a.ko'), 1, 1);
	t.is(await digest(), first);
	await rename(file('out/lib/modules/6.1.0/a.ko'), file('out/lib/modules/6.1.0/b.ko'));
	const second = await digest();
	t.not(second, first);
	await writeFile(file('out/lib/modules/6.1.0/b.ko'), 'c');
	t.false([first, second].includes(await digest()));
});
