import {constants, gunzipSync} from 'node:zlib';
import {execa} from 'execa';
import {HostError, UsageError, messageOf} from '../core/errors.ts';
import {freeSpaceIn, isDiskFull} from './overlay-space.ts';

/** Names under which the import's archive may hold the disk. */
const diskNames: ReadonlySet<string> = new Set(['disk.raw', './disk.raw']);
const blockBytes = 512;

/**
 * The name of the first file in a gzip-compressed tar, from the beginning of it.
 * @returns undefined where the bytes are no such archive
 */
export const firstFileOf = (head: Buffer): string | undefined => {
	const tar = gunzipStart(head);
	// Headers that describe the next one (POSIX pax: x, g; GNU: L, K) come before it, each with its data in whole blocks.
	for (let at = 0; at + blockBytes <= tar.length && tar.toString('latin1', at + 257, at + 262) === 'ustar';) {
		const type = tar.toString('latin1', at + 156, at + 157);
		if (!'xgLK'.includes(type)) {
			return textOf(tar.subarray(at, at + 100));
		}

		const size = Number.parseInt(textOf(tar.subarray(at + 124, at + 136)), 8);
		at += blockBytes + Math.ceil((Number.isNaN(size) ? 0 : size) / blockBytes) * blockBytes;
	}

	return undefined;
};

export const isImportArchive = (head: Buffer): boolean => diskNames.has(firstFileOf(head) ?? '');

/**
 * Unpacks the disk of an import archive, holes as holes.
 * @throws UsageError when the archive is damaged, HostError when there is no space
 */
export const unpackArchive = async (
	archive: string,
	{
		name,
		to,
		directory,
		signal,
	}: {
		readonly name: string;
		readonly to: string;
		readonly directory: string;
		readonly signal?: AbortSignal | undefined;
	},
): Promise<void> => {
	const abort = signal && {cancelSignal: signal};
	// tar writes a sparse member's holes as zeros, dd makes holes of zeros again; read from stdin, as tar takes "a:b" for a host.
	const result = await execa('tar', ['--extract', '--gzip', '--to-stdout', '--file=-', '--', name], {
		...abort,
		inputFile: archive,
		reject: false,
		buffer: {stdout: false},
	}).pipe('dd', [`of=${to}`, 'bs=64K', 'iflag=fullblock', 'conv=sparse', 'status=none'], {...abort, reject: false});
	signal?.throwIfAborted();
	const words = [result, ...result.pipedFrom]
		.map(({stderr}) => String(stderr))
		.join(' ')
		.trim();
	if (isDiskFull(words)) {
		throw new HostError(`No space to unpack ${archive} in ${directory} (${await freeSpaceIn(directory)} free)`);
	}

	if (result.failed || result.pipedFrom.some(({failed}) => failed)) {
		throw new UsageError(`${archive} cannot be unpacked: ${words.replaceAll('\n', '; ') || messageOf(result)}`);
	}
};

const gunzipStart = (head: Buffer): Buffer => {
	try {
		// With Z_SYNC_FLUSH an input that stops in the middle is no error. Deflate expands 1032-fold at most: 4 MiB here.
		return gunzipSync(head.subarray(0, 4096), {finishFlush: constants.Z_SYNC_FLUSH});
	} catch {
		return Buffer.alloc(0);
	}
};

const textOf = (field: Buffer): string => {
	const end = field.indexOf(0);
	return field.toString('utf8', 0, end === -1 ? field.length : end);
};
