import {decodeAll} from './decode.ts';

/** Raw bytes → the lines with text on them, decoded; the last one may be unfinished. */
export const textLines = (bytes: Buffer): readonly string[] =>
	decodeAll(bytes)
		.split('\n')
		.map((line) => line.trimEnd())
		.filter((line) => line !== '');
