import {once} from 'node:events';
import {type Socket, connect} from 'node:net';
import {pollPause} from '../core/clock.ts';
import type {Deadline} from '../core/deadline.ts';
import {HostError, messageOf} from '../core/errors.ts';

/** The longest path a unix socket's address holds (unix(7): 108 bytes with the NUL). */
export const longestSocketPath = 107;

/**
 * Connects to a unix socket that QEMU is about to make. There is no event for "now it listens" that does not race, so it is polled.
 * @throws HostError when the path is too long; the deadline's error when nobody listens in time
 */
export const openSocket = async (path: string, deadline: Deadline): Promise<Socket> => {
	checkSocketPath(path);
	for (;;) {
		deadline.signal.throwIfAborted();
		const socket = connect({path});
		try {
			await once(socket, 'connect');
			return socket;
		} catch (error) {
			socket.destroy();
			if (!notYet(error)) {
				throw new HostError(`${path} cannot be opened: ${messageOf(error)}`, {cause: error});
			}
		}

		await pollPause(pauseMs, deadline.signal).catch(() => deadline.signal.throwIfAborted());
	}
};

/** @throws HostError when a unix socket cannot have that path */
export const checkSocketPath = (path: string): void => {
	const bytes = Buffer.byteLength(path);
	if (bytes > longestSocketPath) {
		throw new HostError(
			`The socket ${path} would have a path of ${bytes} bytes; unix sockets end at ${longestSocketPath}`,
			{
				hint: 'Set TMPDIR to a shorter path, for example TMPDIR=/tmp.',
			},
		);
	}
};

const pauseMs = 3;

const notYet = (error: unknown): boolean =>
	error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ECONNREFUSED');
