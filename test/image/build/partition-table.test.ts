import {truncate, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {dir as temporaryDirectory} from 'tmp-promise';
import {masterBootRecord} from '../../../harness/image/build/partition-table.ts';

test('another program reads one active Linux partition up to the end of the disk', async (t) => {
	const {path: directory, cleanup} = await temporaryDirectory({unsafeCleanup: true});
	const disk = path.join(directory, 'disk.raw');
	const diskBytes = 64 * 1024 * 1024;
	const sector = masterBootRecord({diskId: '8f1c2a41', diskBytes});
	await writeFile(disk, sector);
	await truncate(disk, diskBytes);
	const {stdout} = await execa('/sbin/sfdisk', ['--json', disk]);
	t.deepEqual(JSON.parse(stdout), {
		partitiontable: {
			label: 'dos',
			id: '0x8f1c2a41',
			device: disk,
			unit: 'sectors',
			sectorsize: 512,
			partitions: [{node: `${disk}1`, start: 2048, size: 131_072 - 2048, type: '83', bootable: true}],
		},
	});
	await cleanup();
});
