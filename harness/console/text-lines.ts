import {decodeInto} from './decode.ts';

/** Raw bytes → the lines with text on them, decoded; the last one may be unfinished. */
export const textLines = (bytes: Buffer): readonly string[] => {
	let text = '';
	decodeInto(
		bytes.toString('latin1'),
		(piece) => {
			text += piece;
		},
		{final: true},
	);
	return text
		.split('\n')
		.map((line) => line.trimEnd())
		.filter((line) => line !== '');
};
