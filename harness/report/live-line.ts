import {monotonicMs, startInterval} from '../core/clock.ts';
import type {TerminalStream} from './terminal.ts';

/** The last line of a terminal, rewritten while something goes on. Where there is no terminal it never shows. */
export type LiveLine = {
	/** What goes on now, after the time that the run has taken so far. */
	readonly show: (text: string) => void;
	/** Prints text that stays, above the live line. */
	readonly print: (text: string) => void;
	/** Takes the line away until something is shown again. */
	readonly hide: () => void;
	/** Takes the line away for good. */
	readonly end: () => void;
};

export const liveLine = (stream: TerminalStream): LiveLine => {
	if (stream.isTTY !== true) {
		return {show: () => undefined, print: (text) => stream.write(text), hide: () => undefined, end: () => undefined};
	}

	const startedAt = monotonicMs();
	let current = '';
	const draw = (): void => {
		if (current !== '') {
			const line = `  ${((monotonicMs() - startedAt) / 1000).toFixed(0)} s  ${current} …`;
			stream.write(`${clear}${line.slice(0, (stream.columns ?? 80) - 1)}`);
		}
	};

	const hide = (): void => {
		if (current !== '') {
			stream.write(clear);
		}

		current = '';
	};

	const timer = startInterval(1000, draw);
	return {
		show(text) {
			current = text;
			draw();
		},
		print(text) {
			stream.write(`${current === '' ? '' : clear}${text}`);
			draw();
		},
		hide,
		end() {
			timer.cancel();
			hide();
		},
	};
};

/** To the first column, erase the line. */
const clear = '\r\u001B[K';
