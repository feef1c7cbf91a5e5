import {open, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import fc from 'fast-check';
import {dir as temporaryDirectory} from 'tmp-promise';
import {type DiskLayout} from '../../harness/image/inspect-disk.ts';
import {readLayout} from '../../harness/image/inspect-layout.ts';

const MiB = 1024 * 1024;

/** Writes a table and file systems into a sparse file with the real tools, then reads it back. */
const layoutOf = async (options: {
	readonly bytes: number;
	readonly table?: string;
	readonly make?: ReadonlyArray<{
		/** In MiB. */ readonly at: number;
		readonly size: number;
		readonly command: readonly string[];
	}>;
	readonly damage?: ReadonlyArray<readonly [number, Buffer]>;
}): Promise<DiskLayout> => {
	const {path: directory, cleanup} = await temporaryDirectory({unsafeCleanup: true});
	try {
		const disk = path.join(directory, 'disk');
		await writeFile(disk, '');
		await execa('truncate', ['-s', String(options.bytes), disk]);
		if (options.table !== undefined) {
			await execa('sfdisk', ['--quiet', disk], {input: options.table});
		}

		const {make = [], damage = []} = options;
		for (const {at, size, command} of make) {
			const part = path.join(directory, 'part');
			await execa('truncate', ['-s', '0', part]).then(() => execa('truncate', ['-s', String(size), part]));
			const [program = '', ...args] = command;
			await execa(program, [...args, part]);
			await execa('dd', [`if=${part}`, `of=${disk}`, 'bs=1M', `seek=${at}`, 'conv=notrunc,sparse']);
		}

		await using file = await open(disk, 'r+');
		for (const [offset, bytes] of damage) {
			await file.write(bytes, 0, bytes.length, offset);
		}

		return await readLayout(async (offset, length) => {
			const {bytesRead, buffer} = await file.read(Buffer.alloc(length), 0, length, offset);
			return buffer.subarray(0, bytesRead);
		}, options.bytes);
	} finally {
		await cleanup();
	}
};

const short = ({table, partitions, filesystem, problems}: DiskLayout): unknown => ({
	table,
	partitions: partitions.map((p) => [p.number, p.start / MiB, p.bytes / MiB, p.type, p.name, p.filesystem]),
	...(!(filesystem === undefined) && {filesystem}),
	...(problems.length > 0 && {problems}),
});

const gpt =
	'label: gpt\nsize=1M, type=21686148-6449-6E6F-744E-656564454649\nsize=64M, type=U, name=EFI\nname="root fs"\n';

test('GPT with the file systems of a usual image', async (t) => {
	const layout = await layoutOf({
		bytes: 400 * MiB,
		table: gpt,
		make: [
			{at: 2, size: 64 * MiB, command: ['mkfs.vfat', '-F', '32']},
			{at: 66, size: 330 * MiB, command: ['mkfs.xfs', '-q']},
		],
	});
	t.deepEqual(short(layout), {
		table: 'gpt',
		partitions: [
			[1, 1, 1, '21686148-6449-6e6f-744e-656564454649', undefined, undefined],
			[2, 2, 64, 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b', 'EFI', 'vfat'],
			[3, 66, 333, '0fc63daf-8483-4772-8e79-3d69d8477de4', 'root fs', 'xfs'],
		],
	});
});

test('MBR with an extended partition', async (t) => {
	const layout = await layoutOf({
		bytes: 400 * MiB,
		table:
			'label: dos\nstart=1M, size=20M, type=83, bootable\nstart=21M, size=20M, type=82\nstart=50M, type=5\n' +
			'start=51M, size=128M, type=83\nstart=180M, size=20M, type=8e\nstart=210M, size=20M, type=83\nstart=240M, size=20M, type=83\n',
		make: [
			{at: 1, size: 20 * MiB, command: ['mke2fs', '-q', '-t', 'ext2']},
			{at: 21, size: 20 * MiB, command: ['mkswap', '-q']},
			{at: 51, size: 128 * MiB, command: ['mkfs.btrfs', '-q']},
			{at: 210, size: 20 * MiB, command: ['mke2fs', '-q', '-t', 'ext3']},
			{at: 240, size: 20 * MiB, command: ['mke2fs', '-q', '-t', 'ext4']},
		],
		// pvcreate takes block devices only: the label as lvm2 writes it.
		damage: [[180 * MiB + 512, Buffer.from(`LABELONE${'-'.repeat(16)}LVM2 001`)]],
	});
	t.deepEqual(short(layout), {
		table: 'mbr',
		partitions: [
			[1, 1, 20, '83', undefined, 'ext2'],
			[2, 21, 20, '82', undefined, 'swap'],
			[5, 51, 128, '83', undefined, 'btrfs'],
			[6, 180, 20, '8e', undefined, 'LVM2_member'],
			[7, 210, 20, '83', undefined, 'ext3'],
			[8, 240, 20, '83', undefined, 'ext4'],
		],
	});
});

test('no table: the file system is on the whole disk', async (t) => {
	const seen = [];
	for (const [size, ...command] of [
		[20, 'mke2fs', '-q', '-F', '-t', 'ext4'],
		[20, 'mkfs.vfat'],
		[20, 'mkfs.vfat', '-F', '12'],
		[20, 'true'],
	] as const) {
		seen.push(short(await layoutOf({bytes: size * MiB, make: [{at: 0, size: size * MiB, command}]})));
	}

	t.deepEqual(seen, [
		{table: 'none', partitions: [], filesystem: 'ext4'},
		{table: 'none', partitions: [], filesystem: 'vfat'},
		{table: 'none', partitions: [], filesystem: 'vfat'},
		{table: 'none', partitions: []},
	]);
});

test('damaged tables are read as far as they go, with what is wrong', async (t) => {
	const bytes = 100 * MiB;
	const names = (layout: DiskLayout): unknown => [layout.partitions.length, ...layout.problems];
	const zeros = Buffer.alloc(512);
	const flipped = Buffer.from([0xff]);
	const copy = 'the first GPT header is damaged; its copy at the end of the disk was read instead';
	const table = 'label: gpt\nlabel-id: 11111111-2222-4333-8444-555555555555\nsize=10M\nsize=10M\n';
	t.deepEqual(names(await layoutOf({bytes, table, damage: [[512, zeros]]})), [2, copy]);
	t.deepEqual(names(await layoutOf({bytes, table, damage: [[512 + 56, flipped]]})), [2, copy]);
	t.deepEqual(
		names(
			await layoutOf({
				bytes,
				table,
				damage: [
					[512 + 56, flipped],
					[bytes - 512, zeros],
				],
			}),
		),
		[2, 'the checksum of the GPT header is wrong'],
	);
	t.is(
		(await layoutOf({bytes, table, damage: [[0, zeros]]})).table,
		'none',
		'a GPT without its protective MBR is stale',
	);
	t.deepEqual(
		names(
			await layoutOf({
				bytes,
				table,
				damage: [
					[512, zeros],
					[bytes - 512, zeros],
					[4096, Buffer.from('EFI PART')],
				],
			}),
		),
		[0, 'the partition table is for 4096-byte sectors; the machine has 512-byte sectors'],
	);
	const loop = Buffer.from('00000000050000000000000000010000', 'hex');
	t.is(
		(await layoutOf({bytes, table: 'label: dos\nstart=1M, type=5\nstart=2M, size=1M\n', damage: [[MiB + 462, loop]]}))
			.partitions.length,
		100,
	);
	const far = await layoutOf({
		bytes,
		table: 'label: dos\nsize=10M\n',
		damage: [[446 + 12, Buffer.from('00000400', 'hex')]],
	});
	t.deepEqual(far.problems, ['partition 1 ends 30408704 bytes behind the end of the disk']);
});

test('hostile tables are read without harm', async (t) => {
	const sector = (signature: string) =>
		fc.uint8Array({minLength: 512, maxLength: 512}).map((bytes) => {
			const buffer = Buffer.from(bytes);
			buffer.write(signature);
			return buffer;
		});
	const claims = fc.record({
		mbr: fc.uint8Array({minLength: 512, maxLength: 512}),
		type: fc.constantFrom(0x05, 0x83, 0xee),
		header: fc.oneof(sector('EFI PART'), sector('')),
		entries: fc.bigInt({min: 0n, max: 2n ** 64n - 1n}),
		entryBytes: fc.constantFrom(0, 128, 2 ** 31),
	});
	const bytes = 64 * 1024;
	await fc.assert(
		fc.asyncProperty(claims, async ({mbr, type, header, entries, entryBytes}) => {
			const disk = Buffer.alloc(bytes, 0xa5);
			disk.set(mbr);
			disk.set(header, 512);
			disk.writeUInt16LE(0xaa_55, 510);
			disk.writeUInt8(0, 446);
			disk.writeUInt8(type, 450);
			disk.writeUInt32LE(92, 512 + 12);
			disk.writeBigUInt64LE(entries, 512 + 72);
			disk.writeUInt32LE(entryBytes, 512 + 84);

			await readLayout(async (offset, length) => {
				t.true(Number.isSafeInteger(offset) && offset >= 0 && length >= 0 && offset + length <= bytes);
				return disk.subarray(offset, offset + length);
			}, bytes);
		}),
	);
	t.pass();
});
