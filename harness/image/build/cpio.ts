/** One member of an archive. Everything belongs to root and carries one fixed time, so equal input gives equal bytes. */
export type CpioEntry = {
	/** Path without a leading slash. Parent directories must come before (see {@link withParents}). */
	readonly path: string;
	/** Permission bits, such as 0o755. */
	readonly mode?: number;
} & (
	| {readonly type: 'file'; readonly content: Uint8Array | string}
	| {readonly type: 'directory'}
	| {readonly type: 'symlink'; readonly target: string}
	| {readonly type: 'character-device'; readonly major: number; readonly minor: number}
);

/**
 * Writes a cpio archive in the "newc" format, the one the kernel unpacks as an initramfs.
 * QEMU takes a single initrd, but the kernel unpacks any number of archives laid end to end: `Buffer.concat([initrd, newcArchive([...])])`.
 * Source: Documentation/driver-api/early-userspace/buffer-format.rst in the kernel's tree.
 * @returns the bytes, padded to a multiple of 512, trailer included
 */
export const newcArchive = (entries: readonly CpioEntry[]): Buffer => {
	const parts = entries.flatMap((entry, index) => member(entry, index + 1));
	parts.push(...member({path: 'TRAILER!!!', type: 'file', content: '', mode: 0}, 0));
	return padded(Buffer.concat(parts), 512);
};

/** Adds the directories above each entry that the list does not hold itself, parents first. */
export const withParents = (entries: readonly CpioEntry[]): readonly CpioEntry[] => {
	const known = new Set(entries.map(({path}) => path));
	return entries.flatMap((entry) => {
		const parents: CpioEntry[] = [];
		for (let at = entry.path.indexOf('/'); at > 0; at = entry.path.indexOf('/', at + 1)) {
			const path = entry.path.slice(0, at);
			if (!known.has(path)) {
				known.add(path);
				parents.push({path, type: 'directory'});
			}
		}

		return [...parents, entry];
	});
};

const fileTypes = {directory: 0o04_0000, 'character-device': 0o02_0000, file: 0o10_0000, symlink: 0o12_0000} as const;
const usualModes = {directory: 0o755, 'character-device': 0o600, file: 0o644, symlink: 0o777} as const;

const member = (entry: CpioEntry, inode: number): readonly Buffer[] => {
	const data = contentOf(entry);
	const name = Buffer.from(`${entry.path}\0`);
	const device = entry.type === 'character-device' ? entry : {major: 0, minor: 0};
	const trailer = inode === 0;
	const header = [
		inode,
		trailer ? 0 : fileTypes[entry.type] | (entry.mode ?? usualModes[entry.type]),
		0, // owner
		0, // group
		entry.type === 'directory' ? 2 : 1, // links
		0, // modification time
		data.length,
		0, // device the file was on, major and minor
		0,
		device.major,
		device.minor,
		name.length,
		0, // no checksum in this variant
	];
	const head = Buffer.from(`070701${header.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
	return [padded(Buffer.concat([head, name]), 4), padded(data, 4)];
};

const contentOf = (entry: CpioEntry): Buffer => {
	switch (entry.type) {
		case 'file': {
			return typeof entry.content === 'string' ? Buffer.from(entry.content) : Buffer.from(entry.content);
		}

		case 'symlink': {
			return Buffer.from(entry.target);
		}

		case 'directory':
		case 'character-device': {
			return Buffer.alloc(0);
		}
	}
};

const padded = (bytes: Buffer, to: number): Buffer => {
	const missing = (to - (bytes.length % to)) % to;
	return missing === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(missing)]);
};
