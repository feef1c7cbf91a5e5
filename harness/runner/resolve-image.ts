import {type KnownAccess} from '../access/plan-access.ts';
import {UsageError} from '../core/errors.ts';
import {ensureImage, loadRecipe} from '../image/build.ts';
import {type Candidate} from '../image/candidate.ts';
import {inspectCandidate} from '../image/inspect.ts';

export type ResolvedImage = {
	/** As reports call it: the path from where the person stands, or `ref:NAME`. */
	readonly label: string;
	readonly candidate: Candidate;
	/** What is known of the way into a reference image; undefined for a file of the person's. */
	readonly known: KnownAccess | undefined;
};

type Options = {
	/** Where the disk of an import archive is unpacked to. */
	readonly folder: string;
	readonly onProgress: (line: string) => void;
	readonly signal: AbortSignal;
};

/** What is judged where no image is named. */
export const referenceImage = 'ref:debian-12';

/**
 * Finds the image that a word of the command line means: a path, or `ref:NAME`, which is built where the cache has none.
 * @throws UsageError for anything that is no raw disk or import archive; HostError where a reference image cannot be built
 */
export const resolveImage = async (word: string, {folder, onProgress, signal}: Options): Promise<ResolvedImage> => {
	if (!word.startsWith('ref:')) {
		const candidate = await inspectCandidate(word, {unpackInto: folder, signal});
		return {label: word, candidate, known: undefined};
	}

	checkReferenceImage(word);
	const built = await ensureImage(word.slice('ref:'.length), {onProgress, signal});
	return {label: word, candidate: await inspectCandidate(built.path, {signal}), known: built.manifest.access};
};

/** @throws UsageError where a word is `ref:NAME`, and there is no such image, or none with a disk */
export const checkReferenceImage = (word: string): void => {
	if (word.startsWith('ref:') && loadRecipe(word.slice('ref:'.length)).disk === undefined) {
		throw new UsageError(`${word} is a kernel with a ramdisk; it has no disk that could be booted`, {
			hint: 'bootwright list images',
		});
	}
};
