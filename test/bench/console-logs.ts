import {closeSync, openSync, readFileSync, writeSync} from 'node:fs';
import path from 'node:path';

const recorded = path.resolve(import.meta.dirname, '../fixtures/console/debian-12.log');

/** The recorded start of a Debian again and again, each time with other times. */
export const writeRecordedLog = (file: string, bytes: number): void => {
	const log = readFileSync(recorded, 'latin1');
	write(file, bytes, (random) =>
		log.replaceAll(/(?<=^|\r|\n)\[ *(\d+\.\d{6})\]/g, (_, time: string) => {
			const other = (Number(time) * (0.8 + random() * 0.4)).toFixed(6).padStart(12);
			return `[${other}]`;
		}),
	);
};

/** What consoles are not meant to send: terminal control whole and broken, UTF-8 right and wrong, NULs, progress bars, long lines. */
export const writeHostileLog = (file: string, bytes: number): void => {
	const parts: ReadonlyArray<(random: () => number) => string> = [
		() => `\u001B[0;1;31mred\u001B[0m \u001B[38;5;208m${Buffer.from('é…🐧').toString('latin1')}\u001B[m`,
		(random) => `\r${Math.floor(random() * 100)}% [${'#'.repeat(random() * 60)}]`,
		() => '\0\0\0\u0007\b\v',
		() => '\u001B]0;a title that never ends',
		() => '\u001B\u001B\u001B[\u001BP',
		(random) => 'x'.repeat(random() * 5000),
		() => '\u001B[2J\u001B[1;1H\u001B(B\u001B[?25l',
		(random) => Array.from({length: 40}, () => String.fromCodePoint(Math.floor(random() * 256))).join(''),
		() => '\r\n[    1.234567] nothing to see here: no panic\r\n',
		(random) => `\r\n${'lorem ipsum dolor sit amet '.repeat(random() * 4)}\r\n`,
	];
	write(file, bytes, (random) =>
		Array.from({length: 200}, () => parts[Math.floor(random() * parts.length)]?.(random) ?? '').join(''),
	);
};

const write = (file: string, bytes: number, piece: (random: () => number) => string): void => {
	const random = randomFrom(1);
	const fd = openSync(file, 'w');
	for (let written = 0; written < bytes;) {
		written += writeSync(fd, Buffer.from(piece(random), 'latin1').subarray(0, bytes - written));
	}

	closeSync(fd);
};

/** The same numbers each time (a linear congruential generator, numbers of Numerical Recipes). */
const randomFrom = (seed: number): (() => number) => {
	let state = seed;
	return () => {
		state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
		return state / 2 ** 32;
	};
};
