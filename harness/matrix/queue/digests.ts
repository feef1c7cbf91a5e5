import {createHash} from 'node:crypto';
import {readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {HostError, messageOf} from '../../core/errors.ts';
import {imageDigest, imageNames} from '../../image/build.ts';
import {kernelDigest} from '../../image/build-kernels.ts';
import {hashCandidate} from '../../image/hash.ts';
import {identityOf} from '../../image/hash-identity.ts';
import {keepDigest, recallDigest} from '../../image/known-digest.ts';
import {filesOfCell} from '../cell-files.ts';
import {type Cell} from '../cells.ts';
import {modulesOfCell} from '../module-files.ts';

/** By the words of the matrix: SHA-256 of a file or of a kernel's modules, the digest of the recipe of a reference image or a test kernel; null for what is not there. */
export type Digests = Readonly<Record<string, string | null>>;

/**
 * Of all files that a cell is judged by: what differs between two machines makes another cell. A file with a password is left out, since its
 * digest would tell it.
 * @throws HostError where a file is there and cannot be read to its end; the signal's reason
 */
export const digestsOf = async (cell: Cell, signal: AbortSignal): Promise<Digests> => {
	// A file with a password opens the image and does not judge it; its digest would tell of it.
	const {modules, 'password-file': password} = cell.options;
	const named = filesOfCell(cell).filter((file) => file !== password);
	return Object.fromEntries(
		await Promise.all(
			named.map(async (file) => {
				const digest = file === modules ? digestOfModules(file) : digestOf(file, signal);
				return [file, await digest] as const;
			}),
		),
	);
};

const digestOf = async (file: string, signal: AbortSignal): Promise<string | null> => {
	if (file.startsWith('ref:')) {
		const name = file.slice('ref:'.length);
		const digest = imageNames().includes(name) ? await imageDigest(name) : kernelDigest(name);
		return digest === undefined ? null : `recipe ${digest}`;
	}

	const found = await stat(file, {bigint: true}).catch(() => undefined);
	if (found?.isFile() !== true) {
		return null;
	}

	const identity = identityOf(found);
	const known = await recallDigest({identity});
	const digest = known ?? (await hashCandidate({path: path.resolve(file), bytes: Number(found.size)}, signal));
	if (known === undefined) {
		await keepDigest({identity}, digest);
	}

	return digest;
};

/** Names and bytes of all files, whatever their times, which differ from one installation to the next. */
const digestOfModules = async (directory: string): Promise<string | null> => {
	const {root, names} = await modulesOfCell(directory);
	const hash = createHash('sha256');
	for (const name of names) {
		hash.update(`${name}\0`).update(await digestOfContent(path.join(root, name)));
	}

	return names.length === 0 ? null : hash.digest('hex');
};

const digestOfContent = async (file: string): Promise<Buffer> => {
	try {
		return createHash('sha256')
			.update(await readFile(file))
			.digest();
	} catch (error) {
		throw new HostError(`Cannot hash ${file}: ${messageOf(error)}`, {cause: error});
	}
};
