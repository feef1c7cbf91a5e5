import {open, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {buffer} from 'node:stream/consumers';
import {Readable} from 'node:stream';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {dir} from 'tmp-promise';
import {gnuTarOf} from '../../../harness/image/pack/gnu-tar.ts';
import {type Region, sparseBlockBytes} from '../../../harness/image/pack/sparse-map.ts';

/** Packs a file with bytes in some regions, and has GNU tar unpack it. */
const roundTrip = async (t: ExecutionContext, bytes: number, regions: readonly Region[]) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true});
	t.teardown(cleanup);
	const file = path.join(directory, 'a');
	await using handle = await open(file, 'w+');
	await handle.truncate(bytes);
	for (const {offset, bytes: length} of regions) {
		await handle.write(Buffer.alloc(length, 'x'), 0, length, offset);
	}

	const tar = await buffer(Readable.from(gnuTarOf(handle, bytes)));
	const archive = path.join(directory, 'a.tar');
	await writeFile(archive, tar);
	const {stderr} = await execa('tar', ['--extract', `--file=${archive}`, `--directory=${directory}`]);
	t.is(stderr, '');
	return {tar, file, unpacked: path.join(directory, 'disk.raw')};
};

const cases: Readonly<Record<string, readonly [bytes: number, regions: readonly Region[]]>> = {
	'nothing but zeros': [1_000_000, []],
	'no zeros': [8 * sparseBlockBytes, [{offset: 0, bytes: 8 * sparseBlockBytes}]],
	'bytes at both ends': [
		50 * sparseBlockBytes,
		[
			{offset: 0, bytes: 1},
			{offset: 50 * sparseBlockBytes - 1, bytes: 1},
		],
	],
	'an end within a block': [10_001, [{offset: 9000, bytes: 1001}]],
	'regions across chunks': [
		5_000_000,
		[
			{offset: 1_040_000, bytes: 100_000},
			{offset: 4_999_999, bytes: 1},
		],
	],
	// Four in the header, 21 in each block after it.
	...Object.fromEntries(
		[4, 5, 24, 25, 26, 46, 47, 500].map((count) => [
			`${count} regions`,
			[
				(2 * count + 1) * sparseBlockBytes,
				Array.from({length: count}, (_, index) => ({offset: (2 * index + 1) * sparseBlockBytes + 7, bytes: 100})),
			] as const,
		]),
	),
};

for (const [name, [bytes, regions]] of Object.entries(cases)) {
	test(`GNU tar unpacks what was packed: ${name}`, async (t) => {
		const {tar, file, unpacked} = await roundTrip(t, bytes, regions);
		t.true((await readFile(file)).equals(await readFile(unpacked)));
		t.is(tar.length % 10_240, 0);
	});
}

test('beyond what eleven octal digits hold', async (t) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true});
	t.teardown(cleanup);
	const bytes = 9 * 1024 ** 3;
	const at = bytes - 8192;
	// Nine GiB of zeros and a word near their end, without a file.
	const read = async (buffer: Buffer, _offset: number, length: number, position: number) => {
		const bytesRead = Math.min(length, bytes - position);
		buffer.fill(0, 0, bytesRead);
		if (position <= at && at < position + bytesRead) {
			buffer.write('words', at - position);
		}

		return {bytesRead, buffer};
	};

	const archive = path.join(directory, 'a.tar');

	const file = {read} as unknown as Parameters<typeof gnuTarOf>[0];
	await writeFile(archive, await buffer(Readable.from(gnuTarOf(file, bytes))));
	const tar = await readFile(archive);
	t.true(tar.length < 20_000);
	// The size as a number, behind a set bit: twelve octal digits are not what every reader takes.
	t.is(tar[483], 0x80);
	t.is(tar.readBigUInt64BE(487), BigInt(bytes));
	await execa('tar', ['--extract', `--file=${archive}`, `--directory=${directory}`]);
	await using unpacked = await open(path.join(directory, 'disk.raw'));
	t.is((await unpacked.stat()).size, bytes);
	const {buffer: end} = await unpacked.read(Buffer.alloc(8192), 0, 8192, at);
	t.true(end.equals(Buffer.concat([Buffer.from('words'), Buffer.alloc(8187)])));
});
