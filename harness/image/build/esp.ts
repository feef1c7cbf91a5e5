import {mkdir, open, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {type GrubCore, grubCore} from './grub-core.ts';
import {intoDisk} from './into-disk.ts';
import type {PlannedPartition} from './partition-plan.ts';
import {sectorBytes} from './partition-table.ts';
import {runTool} from './tool.ts';
import {epoch} from './version.ts';

/**
 * Makes the EFI system partition with GRUB as the program that firmware starts when no boot entry says otherwise: an image comes to its
 * machine without any (UEFI specification 2.10, 3.5.1.1, "removable media boot behavior").
 */
export const makeEsp = async (
	target: GrubCore & {readonly disk: string; readonly partition: PlannedPartition},
): Promise<void> => {
	const {disk, partition, work, tools, uuid} = target;
	// Read by mkfs.fat and mtools instead of the clock.
	const options = {...target.options, env: {SOURCE_DATE_EPOCH: String(epoch)}};
	const [made, folder] = [path.join(work, 'esp.img'), path.join(work, 'esp')];
	const file = await open(made, 'wx');
	await file.truncate(partition.sectors * sectorBytes);
	await file.close();
	await tools.run('sbin/mkfs.fat', ['-F', '32', '--invariant', '-i', uuid.slice(0, 8), made], options);
	await mkdir(path.join(folder, 'EFI/BOOT'), {recursive: true});
	await writeFile(path.join(folder, 'EFI/BOOT/BOOTX64.EFI'), await grubCore('x86_64-efi', target));
	await runTool('find', [folder, '-exec', 'touch', `--date=@${epoch}`, '{}', '+'], options);
	await tools.run('usr/bin/mcopy', ['-s', '-m', '-i', made, path.join(folder, 'EFI'), '::/'], options);
	await rm(folder, {recursive: true});
	await intoDisk(made, {disk, offset: partition.start * sectorBytes, options});
};
