import {open, truncate, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {dir as temporaryDirectory} from 'tmp-promise';
import {gptScript} from '../../../harness/image/build/gpt.ts';
import {planPartitions} from '../../../harness/image/build/partition-plan.ts';
import {imageNames, loadRecipe} from '../../../harness/image/build/recipe.ts';
import {readLayout} from '../../../harness/image/inspect-layout.ts';

const uuid = '4b7e92d0-a1c5-4f38-9d26-8e0b5f3a12f2';
const plan = {sizeMiB: 256, uuid, diskId: '8f1c2a49', filesystem: 'ext4'} as const;
const mebibyte = 1024 * 1024;

/** What another program makes of the script, read back by the bytes. */
const written = async (layout: 'gpt-uefi' | 'gpt-both') => {
	const {path: directory, cleanup} = await temporaryDirectory({unsafeCleanup: true});
	const disk = path.join(directory, 'disk.raw');
	await writeFile(disk, '');
	await truncate(disk, plan.sizeMiB * mebibyte);
	await execa('/sbin/sfdisk', ['--quiet', disk], {input: gptScript(planPartitions({...plan, layout}), uuid)});
	await using file = await open(disk);
	const read = await readLayout(async (offset, length) => {
		const {buffer, bytesRead} = await file.read(Buffer.alloc(length), 0, length, offset);
		return buffer.subarray(0, bytesRead);
	}, plan.sizeMiB * mebibyte);
	await cleanup();
	return read;
};

const bios = {type: '21686148-6449-6e6f-744e-656564454649', name: 'bios-boot', start: 34 * 512, bytes: 2014 * 512};
const esp = {type: 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b', name: 'esp', start: mebibyte, bytes: 64 * mebibyte};
const root = {
	type: '0fc63daf-8483-4772-8e79-3d69d8477de4',
	name: 'root',
	start: 65 * mebibyte,
	bytes: (256 - 66) * mebibyte,
};

for (const [layout, wanted] of [
	['gpt-uefi', [esp, root]],
	['gpt-both', [bios, esp, root]],
] as const) {
	test(`${layout}: each partition has its type, and the room before the first one its use`, async (t) => {
		const {table, partitions, problems} = await written(layout);
		t.is(table, 'gpt');
		t.deepEqual(problems, []);
		t.deepEqual(
			partitions,
			wanted.map((partition, index) => ({number: index + 1, ...partition, filesystem: undefined})),
		);
	});
}

test('the same plan names its partitions the same way, another image otherwise', (t) => {
	const uuids = (seed: string) => planPartitions({...plan, layout: 'gpt-both', uuid: seed}).map((one) => one.uuid);
	t.deepEqual(uuids(uuid), uuids(uuid));
	t.is(new Set([...uuids(uuid), ...uuids('d81b0f64-2c9e-4a57-b3f1-70a6c2e512f1')]).size, 6);
});

test('partitions of all recipes follow one another, within the disk', (t) => {
	for (const name of imageNames()) {
		const {disk} = loadRecipe(name);
		if (disk === undefined) {
			continue;
		}

		const tail = disk.layout === 'mbr' ? 0 : 33;
		const ends = planPartitions(disk).map(({start, sectors}) => [start, start + sectors] as const);
		t.true(
			ends.every(([, end], index) => end <= (ends[index + 1]?.[0] ?? disk.sizeMiB * 2048 - tail)),
			name,
		);
	}
});
