import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {rm} from 'node:fs/promises';
import os from 'node:os';
import {HostError, messageOf} from '../core/errors.ts';

/** The folder of one run: sockets, overlay, whatever must not outlive it. */
export type RunFolder = AsyncDisposable & {readonly path: string};

/**
 * Makes it below $TMPDIR, for its owner alone. It goes away with the run, also when the harness is killed outright: a shell in a
 * session of its own waits for the end of a pipe that only the harness holds open.
 * @throws HostError where it cannot be made
 */
export const openRunFolder = async (): Promise<RunFolder> => {
	const path = await makeFolder();
	const guard = spawn('setsid', ['sh', '-c', 'cat >/dev/null; rm -rf -- "$1"', 'bootwright-guard', path], {
		stdio: ['pipe', 'ignore', 'ignore'],
		cwd: '/',
	});
	// Without the guard the run is as good; only a SIGKILL would leave the folder behind.
	guard.on('error', () => undefined);
	guard.stdin.on('error', () => undefined);
	guard.unref();
	return {
		path,
		async [Symbol.asyncDispose]() {
			await rm(path, {recursive: true, force: true});
			if (guard.exitCode === null && guard.pid !== undefined) {
				guard.ref();
				guard.stdin.end();
				await once(guard, 'exit');
			}
		},
	};
};

const makeFolder = async (): Promise<string> => {
	try {
		// When it is loaded it wants $TMPDIR to exist: that, too, is for the message below.
		const {default: tmp} = await import('tmp-promise');
		const {path} = await tmp.dir({prefix: 'bootwright', keep: true});
		return path;
	} catch (error) {
		throw new HostError(`Cannot make a folder for the run in ${os.tmpdir()}: ${messageOf(error)}`, {
			cause: error,
			hint: 'Free some space there, or name another place in TMPDIR.',
		});
	}
};
