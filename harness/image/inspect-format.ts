import {startsAt} from './inspect-filesystem.ts';
import {quoteShell} from '../core/shell-quote.ts';

/** Something that is not a raw disk, by what its bytes say; `convert` is the exact command that makes a raw disk of it, if there is one. */
export type ForeignFormat = {readonly name: string; readonly convert: string | undefined};

type Rule = {
	readonly name: string;
	readonly at: number;
	readonly magic: string | readonly number[];
	readonly convert: (input: string, output: string) => string | undefined;
};

const qemuImg = (format: string) => (input: string, output: string) =>
	`qemu-img convert -f ${format} -O raw ${input} ${output}`;
const unpack = (command: string) => (input: string, output: string) => `${command} ${input} > ${output}`;
const none = (): undefined => undefined;

const rules: readonly Rule[] = [
	{name: 'a qcow2 image', at: 0, magic: 'QFI\u00FB', convert: qemuImg('qcow2')}, // QEMU docs/interop/qcow2.rst
	{name: 'a QED image', at: 0, magic: 'QED\0', convert: qemuImg('qed')},
	{name: 'a VMDK image', at: 0, magic: 'KDMV', convert: qemuImg('vmdk')}, // VMware Virtual Disk Format 5.0
	{name: 'a VMDK image', at: 0, magic: 'COWD', convert: qemuImg('vmdk')},
	{name: 'a VMDK descriptor', at: 0, magic: '# Disk DescriptorFile', convert: qemuImg('vmdk')},
	{name: 'a VHDX image', at: 0, magic: 'vhdxfile', convert: qemuImg('vhdx')},
	{name: 'a VHD image', at: 0, magic: 'conectix', convert: qemuImg('vpc')},
	{name: 'a VDI image', at: 0x40, magic: [0x7f, 0x10, 0xda, 0xbe], convert: qemuImg('vdi')},
	{name: 'a Parallels image', at: 0, magic: 'WithoutFreeSpace', convert: qemuImg('parallels')},
	{name: 'a Parallels image', at: 0, magic: 'WithouFreSpacExt', convert: qemuImg('parallels')},
	{name: 'gzip-compressed', at: 0, magic: [0x1f, 0x8b], convert: unpack('gzip -dc')},
	{name: 'xz-compressed', at: 0, magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], convert: unpack('xz -dc')},
	{name: 'zstd-compressed', at: 0, magic: [0x28, 0xb5, 0x2f, 0xfd], convert: unpack('zstd -dc')},
	{name: 'bzip2-compressed', at: 0, magic: 'BZh', convert: unpack('bzip2 -dc')},
	{name: 'LZ4-compressed', at: 0, magic: [0x04, 0x22, 0x4d, 0x18], convert: unpack('lz4 -dc')},
	{name: 'a zip archive', at: 0, magic: 'PK\u0003\u0004', convert: unpack('unzip -p')},
	{name: 'a 7z archive', at: 0, magic: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], convert: unpack('7z e -so')},
	{name: 'an Android sparse image', at: 0, magic: [0x3a, 0xff, 0x26, 0xed], convert: (i, o) => `simg2img ${i} ${o}`},
	{name: 'a tar archive', at: 257, magic: 'ustar', convert: (input) => `tar -xf ${input}`},
	{name: 'a Linux program or kernel (ELF)', at: 0, magic: '\u007FELF', convert: none},
	{name: 'a Linux kernel (bzImage)', at: 0x2_02, magic: 'HdrS', convert: none}, // Documentation/arch/x86/boot.rst
	{name: 'an ISO 9660 image (an installation medium)', at: 0x80_01, magic: 'CD001', convert: none},
];

/**
 * Recognises what people take for a raw disk, by magic alone: QEMU's own probing follows what a hostile header says.
 * @param ends.head the first 64 KiB or more; @param ends.tail the last sector (a fixed VHD is a raw disk with a footer)
 * @param ends.firstPartitionAt in bytes, Infinity where there is no partition
 * @returns undefined for what may be a raw disk
 */
export const foreignFormat = (
	path: string,
	ends: {readonly head: Buffer; readonly tail: Buffer; readonly firstPartitionAt: number},
): ForeignFormat | undefined => {
	const [input, output] = [quoteShell(path), quoteShell(rawNameFor(path))];
	const rule = rules.find(({at, magic}) => startsAt(ends.head, at, magic));
	// A disk that was once written as a medium may still hold its descriptor in the gap before the first partition;
	// in a medium that boots from disks as well ("isohybrid") the first partition covers it.
	const isStale = rule?.magic === 'CD001' && Number.isFinite(ends.firstPartitionAt) && ends.firstPartitionAt > rule.at;
	if (rule !== undefined && !isStale) {
		return {name: rule.name, convert: rule.convert(input, output)};
	}

	return startsAt(ends.tail, 0, 'conectix')
		? {name: 'a VHD image of fixed size', convert: qemuImg('vpc')(input, output)}
		: undefined;
};

/** `disk.qcow2` → `disk.raw`; `disk.raw` → `disk.converted.raw`. */
const rawNameFor = (path: string): string => {
	const stem = path.replace(/\.[^./]+$/u, '');
	return path.endsWith('.raw') ? `${stem}.converted.raw` : `${stem}.raw`;
};
