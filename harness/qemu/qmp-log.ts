import {createWriteStream} from 'node:fs';
import {finished} from 'node:stream/promises';
import {monotonicMs} from '../core/clock.ts';

/** Every line of a QMP connection, both ways, with the milliseconds since it began. */
export type QmpLog = AsyncDisposable & {readonly line: (direction: '>' | '<', text: string) => void};

/** @param path the file to write; what stands there is lost. A log that cannot be written does not stop the run. */
export const openQmpLog = (path: string): QmpLog => {
	const startedAt = monotonicMs();
	const stream = createWriteStream(path);
	// A full disk must not end the run through its log; the overlay will say so in clearer words.
	stream.on('error', () => undefined);
	return {
		line: (direction, text) => {
			if (!stream.destroyed) {
				stream.write(`${(monotonicMs() - startedAt).toFixed(1).padStart(10)} ${direction} ${text}\n`);
			}
		},
		[Symbol.asyncDispose]: async () => {
			stream.end();
			await finished(stream).catch(() => undefined);
		},
	};
};
