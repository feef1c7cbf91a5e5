import {monotonicMs, startInterval} from '../core/clock.ts';
import {codePoints} from './printable.ts';
import type {TerminalStream} from './terminal.ts';

/** The last line of a terminal, rewritten while something goes on. Where there is no terminal it never shows. */
export type LiveLine = {
	/** Draws it anew, where there is something new to be told; it is drawn every second besides. */
	readonly update: () => void;
	/** Prints text that stays, above the live line. */
	readonly print: (text: string) => void;
	/** Takes the line away for good. */
	readonly end: () => void;
};

/** @param text what goes on now, in characters of one column each; stands after the time that the run has taken. Empty: no line */
export const liveLine = (stream: TerminalStream, text: () => string): LiveLine => {
	if (stream.isTTY !== true) {
		return {update: () => undefined, print: (words) => stream.write(words), end: () => undefined};
	}

	const startedAt = monotonicMs();
	/** Columns of the line that stands there. */
	let drawn = 0;
	let ended = false;
	/** A terminal tells 0 where it does not know. */
	const width = (): number => (stream.columns === undefined || stream.columns === 0 ? 80 : stream.columns);
	const clear = (): string => {
		const eraser = drawn === 0 ? '' : drawn < width() ? eraseLine : eraseBelow;
		drawn = 0;
		return eraser;
	};

	const update = (): void => {
		const words = ended ? '' : text();
		const seconds = ((monotonicMs() - startedAt) / 1000).toFixed(0);
		const line = words === '' ? '' : cut(`  ${seconds} s  ${words}`, width() - 1);
		const bytes = `${clear()}${line}${line === '' ? '' : '\r'}`;
		drawn = line.length;
		if (bytes !== '') {
			stream.write(bytes);
		}
	};

	const timer = startInterval(1000, update);
	return {
		update,
		print(words) {
			stream.write(`${clear()}${words}`);
			update();
		},
		end() {
			timer.cancel();
			ended = true;
			update();
		},
	};
};

const eraseLine = '\r\u001B[K';
/**
 * A terminal that is made narrower breaks the line in two. The cursor is left at the beginning of the line, as it is taken along with the
 * text it stands on: what is broken off lies behind it.
 */
const eraseBelow = '\r\u001B[J';

const cut = (line: string, most: number): string => {
	const characters = codePoints(line);
	return characters.length <= most ? line : `${characters.slice(0, Math.max(0, most - 1)).join('')}…`;
};
