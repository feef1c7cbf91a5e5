import {stat} from 'node:fs/promises';
import {HostError, messageOf} from '../core/errors.ts';
import {askWorker} from './ask-worker.ts';
import {type Candidate} from './candidate.ts';
import {differences, identityOf} from './hash-identity.ts';

/**
 * SHA-256 of the candidate as 64 hex digits, computed in a thread of its own at the lowest priority:
 * it goes on while the guest boots and takes neither the console loop's time nor, where cores are scarce, the guest's.
 * @throws the signal's reason when aborted; HostError when the file cannot be read to its end
 */
export const hashCandidate = async (
	{path, bytes}: Pick<Candidate, 'path' | 'bytes'>,
	signal?: AbortSignal,
): Promise<string> => {
	try {
		return await askWorker<string>(new URL('hash-worker.ts', import.meta.url), {path, bytes}, signal);
	} catch (error) {
		signal?.throwIfAborted();
		throw new HostError(`Cannot hash ${path}: ${messageOf(error)}`, {cause: error});
	}
};

/**
 * Proves at the end of a run that nobody wrote to the candidate: same inode, size and times; with `paranoid` the same bytes.
 * @param options.sha256 the digest from the beginning; needed for `paranoid`, and settles a changed inode with the same bytes (chmod, a new link)
 * @throws HostError when somebody else wrote to the file: what the run saw may be neither the old state nor the new one
 */
export const verifyUntouched = async (
	candidate: Pick<Candidate, 'path' | 'bytes' | 'identity'>,
	options: {
		readonly paranoid?: boolean;
		readonly sha256?: string | undefined;
		readonly signal?: AbortSignal | undefined;
	} = {},
): Promise<void> => {
	const {words, contents} = differences(candidate.identity, await identityNow(candidate.path));
	const mustHash = !contents && (words !== '' || options.paranoid === true) && options.sha256 !== undefined;
	const digest = mustHash ? await hashCandidate(candidate, options.signal) : undefined;
	const same = digest === undefined ? words === '' : digest === options.sha256;
	if (!same) {
		const seen = words === '' ? 'its bytes differ' : words;
		throw new HostError(`${candidate.path} was written to by somebody else during the run: ${seen}`, {
			hint: 'Run again on a copy that nobody writes to; the verdicts of this run hold for neither state of the file',
		});
	}
};

const identityNow = async (path: string): Promise<Candidate['identity']> => {
	try {
		return identityOf(await stat(path, {bigint: true}));
	} catch (error) {
		throw new HostError(`${path} went away during the run: ${messageOf(error)}`, {cause: error});
	}
};
