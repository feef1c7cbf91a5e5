import {open, readFile, truncate, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {UsageError, messageOf} from '../core/errors.ts';
import {type EnsureOptions, ensureImage} from '../image/build.ts';
import {ensureKernels} from '../image/build-kernels.ts';
import {type CpioEntry, newcArchive, withParents} from '../image/build/cpio.ts';
import {type Candidate} from '../image/candidate.ts';
import {inspectCandidate} from '../image/inspect.ts';
import {type Partition} from '../image/inspect-disk.ts';
import {type QemuRun} from '../profile/run.ts';
import {moduleFiles} from './module-files.ts';
import {type ResolvedImage} from './resolve-image.ts';

/** `--kernel` and what goes with it; paths as the person typed them. */
export type KernelOptions = {
	/** A file, or `ref:NAME` for one of the test kernels, which is built where the cache has it not. */
	readonly kernel: string;
	readonly initrd?: string | undefined;
	/** As `make modules_install INSTALL_MOD_PATH=DIR` leaves it: DIR itself, or `DIR/lib/modules`. */
	readonly modules?: string | undefined;
	/** Added to the kernel's command line. */
	readonly append?: string | undefined;
};

export type Kernel = NonNullable<QemuRun['kernel']>;

/** Rows about what an image is, which a kernel alone does not have. */
export const notOfAKernel: readonly string[] = ['sysctl.*', 'boot.reached-userspace', 'import.archive'];

/** Any disk is one: there is nothing on it. */
const emptyDiskBytes = 16 * 1024 * 1024;

/**
 * A kernel by itself: with the ramdisk of the reference image `probe`, which gives a root shell at once, and an empty disk. A 32-bit kernel
 * gets that of `probe-686-pae`.
 * @throws UsageError for files that cannot be read or are none
 */
export const kernelAlone = async (
	options: KernelOptions,
	how: EnsureOptions & {readonly folder: string},
): Promise<ResolvedImage & {readonly run: Kernel}> => {
	const {folder, signal} = how;
	const kernel = await kernelNamed(options.kernel, how);
	const probe = await ensureImage(await ramdiskOf(kernel), {signal});
	const initrd = await withModules(options, {
		initrd: options.initrd === undefined ? path.join(probe.directory, 'initrd.img') : await checked(options.initrd),
		folder,
	});
	const disk = path.join(folder, 'empty.raw');
	await writeFile(disk, '');
	await truncate(disk, emptyDiskBytes);
	return {
		label: options.kernel,
		candidate: {...(await inspectCandidate(disk, {signal})), origin: {kind: 'empty', path: disk}},
		known: {access: 'shell'},
		run: {path: kernel, initrd, append: commandLine([probe.manifest.append, options.append])},
	};
};

/**
 * A kernel on an image's root file system, which it mounts itself unless a ramdisk does.
 * @throws UsageError for files that cannot be read or are none, and where the root file system is not to be found
 */
export const kernelOnImage = async (
	options: KernelOptions,
	how: EnsureOptions & {readonly candidate: Candidate; readonly folder: string},
): Promise<Kernel> => {
	const {candidate, folder} = how;
	if (options.modules !== undefined && options.initrd === undefined) {
		throw new UsageError('--modules adds to a ramdisk, and this image is started without one', {
			hint: 'Give its ramdisk (--initrd FILE), or install the modules into the image',
		});
	}

	const kernel = await kernelNamed(options.kernel, how);
	const initrd = options.initrd === undefined ? undefined : await checked(options.initrd);
	const own = /(?:^|\s)root=/v.test(options.append ?? '') ? undefined : `root=${rootOf(candidate)} ro`;
	return {
		path: kernel,
		initrd: initrd === undefined ? undefined : await withModules(options, {initrd, folder}),
		append: commandLine([own, 'console=ttyS0,38400n8', options.append]),
	};
};

const commandLine = (parts: ReadonlyArray<string | undefined>): string =>
	parts.filter((part) => part !== undefined && part !== '').join(' ');

const rootTypes: ReadonlySet<string> = new Set(['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'f2fs']);

/** The largest file system that can be a root. */
const rootOf = ({partitions, filesystem, origin}: Candidate): string => {
	if (filesystem !== undefined && rootTypes.has(filesystem)) {
		return '/dev/sda';
	}

	const fits = (partition: Partition): boolean => rootTypes.has(partition.filesystem ?? '');
	const [largest] = partitions.filter(fits).toSorted((a, b) => b.bytes - a.bytes);
	if (largest === undefined) {
		throw new UsageError(`No root file system is to be seen in ${origin.path}`, {
			hint: 'Say where it is: --append root=/dev/sda1 (or give the ramdisk that finds it: --initrd FILE)',
		});
	}

	return `/dev/sda${largest.number}`;
};

const checked = async (file: string): Promise<string> => {
	const absolute = path.resolve(file);
	try {
		await using handle = await open(absolute, 'r');
		await handle.read(Buffer.alloc(1), 0, 1, 0);
		return absolute;
	} catch (error) {
		throw new UsageError(`Cannot read ${file}: ${messageOf(error)}`, {cause: error});
	}
};

const referencePrefix = 'ref:';

const kernelNamed = async (word: string, options: EnsureOptions): Promise<string> => {
	if (!word.startsWith(referencePrefix)) {
		return checkedKernel(word);
	}

	const [kernel] = await ensureKernels([word.slice(referencePrefix.length)], options);
	return checkedKernel(kernel?.path ?? word);
};

/** Offset of the setup header's magic "HdrS" (Documentation/arch/x86/boot.rst); the version of the boot protocol follows it. */
const magicOffset = 0x2_02;
const versionOffset = 0x2_06;
/** Since version 2.12. */
const loadFlagsOffset = 0x2_36;
const loadFlagsSince = 0x2_0c;
/** XLF_KERNEL_64: there is an entry for 64-bit mode. */
const is64Bit = 1;

/** The reference image whose programs a kernel runs. @param kernel a boot image */
export const ramdiskOf = async (kernel: string): Promise<'probe' | 'probe-686-pae'> => {
	await using handle = await open(kernel, 'r');
	const {buffer} = await handle.read(Buffer.alloc(loadFlagsOffset + 2), 0, loadFlagsOffset + 2, 0);
	const knows = buffer.readUInt16LE(versionOffset) >= loadFlagsSince;
	return knows && (buffer.readUInt16LE(loadFlagsOffset) & is64Bit) === 0 ? 'probe-686-pae' : 'probe';
};

const checkedKernel = async (file: string): Promise<string> => {
	const absolute = await checked(file);
	await using handle = await open(absolute, 'r');
	const {buffer} = await handle.read(Buffer.alloc(4), 0, 4, magicOffset);
	if (buffer.toString('latin1') !== 'HdrS') {
		throw new UsageError(`${file} is no x86 boot image`, {
			hint: 'A kernel build leaves it in arch/x86/boot/bzImage; vmlinux does not boot by itself',
		});
	}

	return absolute;
};

/** The kernel unpacks any number of archives laid end to end: modules are one more. */
const withModules = async (
	{modules}: KernelOptions,
	{initrd, folder}: {readonly initrd: string; readonly folder: string},
): Promise<string> => {
	if (modules === undefined) {
		return initrd;
	}

	const {root, names} = await moduleFiles(modules);
	const entries = await Promise.all(
		names.map(async (name): Promise<CpioEntry> => ({
			type: 'file',
			path: path.join('lib/modules', name),
			content: await readFile(path.join(root, name)),
		})),
	);
	const file = path.join(folder, 'initrd-with-modules.img');
	const base = await readFile(initrd);
	// The kernel looks for the next archive where a multiple of 4 begins (init/initramfs.c, unpack_to_rootfs).
	const padding = Buffer.alloc(-base.length & 3);
	await writeFile(file, Buffer.concat([base, padding, newcArchive(withParents(entries))]));
	return file;
};
