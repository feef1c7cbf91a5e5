import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {dir as temporaryDirectory} from 'tmp-promise';
import {
	type ModuleInfo,
	inLoadOrder,
	moduleEntries,
	moduleSet,
	parseModuleInfo,
} from '../../../harness/image/build/modules.ts';

test('what a module says about itself, out of its .modinfo section', (t) => {
	const content = Buffer.from(
		'\u007FELF…depends=not,this\0alias=virtio:d00000008v*\0alias=second\0depends=scsi_mod,virtio\0name=virtio_scsi\0',
	);
	t.deepEqual(parseModuleInfo(content), {depends: ['scsi_mod', 'virtio'], aliases: ['virtio:d00000008v*', 'second']});
	t.deepEqual(parseModuleInfo(Buffer.from('\0depends=\0')), {depends: [], aliases: []});
});

test('each module comes once, after what it needs; - and _ are the same', (t) => {
	const needs: Readonly<Record<string, readonly string[]>> = {
		sd_mod: ['scsi_mod', 't10_pi'],
		virtio_scsi: ['virtio', 'scsi-mod'],
		scsi_mod: ['scsi_common'],
	};
	const read = (name: string): ModuleInfo => {
		const own = name.replaceAll('-', '_');
		return {name: own, path: `${own}.ko`, depends: needs[own] ?? [], aliases: []};
	};
	t.deepEqual(
		inLoadOrder(['sd_mod', 'virtio-scsi', 'sd-mod'], read).map(({name}) => name),
		['scsi_common', 'scsi_mod', 't10_pi', 'sd_mod', 'virtio', 'virtio_scsi'],
	);
});

test('files for a ramdisk: the modules, what modprobe looks up, and what /init loads', async (t) => {
	const {path: tree, cleanup} = await temporaryDirectory({unsafeCleanup: true});
	const folder = path.join(tree, 'lib/modules/6.1.0/kernel/drivers');
	await mkdir(folder, {recursive: true});
	await writeFile(path.join(folder, 'virtio_scsi.ko'), '\0alias=virtio:d08v*\0depends=scsi_mod\0');
	await writeFile(path.join(folder, 'scsi_mod.ko'), '\0depends=scsi-common\0');
	await writeFile(path.join(folder, 'scsi-common.ko'), '\0depends=\0');
	await writeFile(path.join(folder, 'other.ko'), '');
	const entries = moduleEntries(moduleSet(tree), {load: ['virtio-scsi'], modules: []});
	const root = 'lib/modules/6.1.0';
	t.deepEqual(
		entries.map((entry) => [entry.path, entry.type === 'file' ? entry.content.toString() : entry.type]),
		[
			[`${root}/kernel/drivers/scsi-common.ko`, '\0depends=\0'],
			[`${root}/kernel/drivers/scsi_mod.ko`, '\0depends=scsi-common\0'],
			[`${root}/kernel/drivers/virtio_scsi.ko`, '\0alias=virtio:d08v*\0depends=scsi_mod\0'],
			[
				`${root}/modules.dep`,
				'kernel/drivers/scsi-common.ko: \nkernel/drivers/scsi_mod.ko: kernel/drivers/scsi-common.ko\n' +
					'kernel/drivers/virtio_scsi.ko: kernel/drivers/scsi_mod.ko kernel/drivers/scsi-common.ko\n',
			],
			[`${root}/modules.alias`, 'alias virtio:d08v* virtio_scsi\n'],
			['lib/modules/load', 'virtio-scsi\n'],
		],
	);
	t.throws(() => moduleSet(tree).read('no-such'), {message: 'Kernel 6.1.0 has no module no-such'});
	await mkdir(path.join(tree, 'lib/modules/6.2.0'));
	t.throws(() => moduleSet(tree), {message: 'The package tree has 2 kernels, one was expected'});
	await cleanup();
});
