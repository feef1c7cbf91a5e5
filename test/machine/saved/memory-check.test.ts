import {open, truncate, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {dir} from 'tmp-promise';
import {
	checkMemory,
	memoryUnchanged,
	pieceBytes,
	readCheck,
	writeCheck,
} from '../../../harness/machine/saved/memory-check.ts';
import {findQemu} from '../../../harness/qemu/find-qemu.ts';

const memory = async (t: ExecutionContext): Promise<string> => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const file = path.join(directory, 'memory');
	await writeFile(file, '');
	await truncate(file, 64 * 2 ** 20);
	await poke(file, 5 * 2 ** 20 + 17, 'something');
	await poke(file, 60 * 2 ** 20, 'more');
	return file;
};

const poke = async (file: string, offset: number, text: string): Promise<void> => {
	await using handle = await open(file, 'r+');
	await handle.write(text, offset);
};

test('only what holds anything is read, and each changed byte is found', async (t) => {
	const file = await memory(t);
	const {imgPath} = await findQemu();
	const check = await checkMemory(file, imgPath);
	t.true(check.length > 0 && check.length / 2 < 40, `${check.length / 2} pieces of ${(64 * 2 ** 20) / pieceBytes}`);
	t.true(await memoryUnchanged(file, check));
	await poke(file, 5 * 2 ** 20 + 20, 'X');
	t.false(await memoryUnchanged(file, check));
	await poke(file, 5 * 2 ** 20 + 20, 'e');
	t.true(await memoryUnchanged(file, check));
	await truncate(file, 50 * 2 ** 20);
	t.false(await memoryUnchanged(file, check));
});

test('a check is kept as it was', async (t) => {
	const file = await memory(t);
	const check = await checkMemory(file, (await findQemu()).imgPath);
	await writeCheck(`${file}.crc32`, check);
	t.deepEqual(await readCheck(`${file}.crc32`), check);
});

test('a file that is not there is the host’s fault', async (t) => {
	await t.throwsAsync(memoryUnchanged('/nowhere/memory', Uint32Array.of(0, 1)), {message: /Cannot read \/nowhere/v});
});
