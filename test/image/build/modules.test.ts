import test from 'ava';
import {type ModuleInfo, inLoadOrder, parseModuleInfo} from '../../../harness/image/build/modules.ts';

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
