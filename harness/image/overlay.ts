import nodePath from 'node:path';
import {execa} from 'execa';
import {HostError} from '../core/errors.ts';
import {type Candidate} from './candidate.ts';
import {isDiskFull, noOverlaySpace} from './overlay-space.ts';

/**
 * Creates the file that takes all writes of a run; the candidate below it is named as explicit `raw`, never probed.
 * @param options.path where the overlay goes, inside the run's directory
 * @throws HostError when it cannot be created
 */
export const createOverlay = async ({
	qemuImg,
	candidate,
	path,
	signal,
}: {
	readonly qemuImg: string;
	readonly candidate: Pick<Candidate, 'path'>;
	readonly path: string;
	readonly signal?: AbortSignal | undefined;
}): Promise<void> => {
	const result = await execa(qemuImg, ['create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', candidate.path, '--', path], {
		reject: false,
		all: true,
		...(signal && {cancelSignal: signal}),
	});
	signal?.throwIfAborted();
	if (!result.failed) {
		return;
	}

	const words = result.stderr.trim().replaceAll('\n', '; ') || String(result.shortMessage);
	if (isDiskFull(words)) {
		throw await noOverlaySpace(nodePath.dirname(path));
	}

	throw new HostError(`Cannot create the overlay ${path}: ${words}`, {cause: result});
};
