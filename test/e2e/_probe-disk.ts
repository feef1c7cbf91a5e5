import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {ensureImage} from '../../harness/image/build.ts';
import {type CpioEntry, newcArchive, withParents} from '../../harness/image/build/cpio.ts';
import {grubConfig} from '../../harness/image/build/grub.ts';
import {firstSector, sectorBytes} from '../../harness/image/build/partition-table.ts';

export type ProbeChange = {
	/** Where the disk goes. */
	readonly directory: string;
	readonly name?: string;
	/** Executable files laid over those of the ramdisk. */
	readonly files?: Readonly<Record<string, string>>;
	/** Instead of the recipe's kernel command line. */
	readonly append?: string;
	/** Instead of the whole menu. */
	readonly menu?: string;
};

/** The probe's own disk, changed in one way: what boots is still a real boot loader, kernel and init. */
export const probeDisk = async ({directory, name = 'image.raw', files, append, menu}: ProbeChange): Promise<string> => {
	const probe = await ensureImage('probe');
	const disk = path.join(directory, name);
	await execa('cp', ['--sparse=always', '--reflink=auto', probe.path, disk]);
	const edits: string[] = [];
	const replace = async (inside: string, content: Uint8Array | string): Promise<void> => {
		const file = path.join(directory, `${name}.${path.basename(inside)}`);
		await writeFile(file, content);
		edits.push(`rm ${inside}`, `write ${file} ${inside}`);
	};
	if (files !== undefined) {
		const entries = Object.entries(files).map(([file, content]): CpioEntry => {
			return {type: 'file', path: file, content, mode: 0o755};
		});
		const ramdisk = await readFile(path.join(probe.directory, 'initrd.img'));
		await replace('/boot/initrd.img', Buffer.concat([ramdisk, newcArchive(withParents(entries))]));
	}

	if (append !== undefined || menu !== undefined) {
		const paths = {kernel: '/boot/vmlinuz', initrd: '/boot/initrd.img'};
		await replace('/boot/grub/grub.cfg', menu ?? grubConfig({...paths, append: append ?? ''}));
	}

	if (edits.length > 0) {
		await execa('debugfs', ['-w', '-f', '-', `${disk}?offset=${firstSector * sectorBytes}`], {
			input: `${edits.join('\n')}\n`,
			env: {PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`},
		});
	}

	return disk;
};
