import {chmod, open, truncate, writeFile} from 'node:fs/promises';
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
	const checkFile = `${file}.crc32`;
	await writeCheck(checkFile, check);
	const unchanged = async (): Promise<boolean> => memoryUnchanged(file, checkFile, imgPath);
	t.true(await unchanged());
	await poke(file, 5 * 2 ** 20 + 20, 'X');
	t.false(await unchanged());
	await poke(file, 5 * 2 ** 20 + 20, 'e');
	t.true(await unchanged());
	await truncate(file, 50 * 2 ** 20);
	t.false(await unchanged());
});

test('what is written where a hole was is found, unless it is zeros', async (t) => {
	const file = await memory(t);
	const {imgPath} = await findQemu();
	const checkFile = `${file}.crc32`;
	await writeCheck(checkFile, await checkMemory(file, imgPath));
	await poke(file, 30 * 2 ** 20, '\0'.repeat(pieceBytes));
	t.true(await memoryUnchanged(file, checkFile, imgPath));
	await poke(file, 30 * 2 ** 20 + 7, 'X');
	t.false(await memoryUnchanged(file, checkFile, imgPath));
});

test('holes of a file that nobody touched are not looked for again', async (t) => {
	const file = await memory(t);
	await writeCheck(`${file}.crc32`, await checkMemory(file, (await findQemu()).imgPath));
	t.true(await memoryUnchanged(file, `${file}.crc32`, '/nowhere/qemu-img'));
	await chmod(file, 0o400);
	await t.throwsAsync(memoryUnchanged(file, `${file}.crc32`, '/nowhere/qemu-img'), {code: 'ENOENT'});
});

test('a check is kept as it was', async (t) => {
	const file = await memory(t);
	const check = await checkMemory(file, (await findQemu()).imgPath);
	await writeCheck(`${file}.crc32`, check);
	t.deepEqual(await readCheck(`${file}.crc32`), check);
});

test('a file that is not there cannot be checked', async (t) => {
	const file = await memory(t);
	await writeCheck(`${file}.crc32`, await checkMemory(file, (await findQemu()).imgPath));
	await t.throwsAsync(memoryUnchanged('/nowhere/memory', `${file}.crc32`, 'qemu-img'), {code: 'ENOENT'});
});
