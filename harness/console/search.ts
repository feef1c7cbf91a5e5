/** A string that must appear as it is, or a RegExp. With RegExps, `^` and `$` mean line ends when the `m` flag is set. */
export type Pattern = string | RegExp;

/** Text as UTF-8: `fresh` is where what was not searched yet begins, `lineStart` the first place that is surely at a line's start. */
export type SearchedText = {readonly bytes: Buffer; readonly fresh: number; readonly lineStart: number};

/** `start` and `end` in bytes of the text. */
export type Found = {readonly start: number; readonly end: number; readonly match: RegExpMatchArray};

export type Search = {
	/** Bytes of searched text that the next search must see again. */
	readonly keep: number;
	readonly find: (text: SearchedText) => Found | undefined;
};

/** How far back a RegExp can see into text that was already searched, in bytes. */
const lookBack = 8 * 1024;

export const searchOf = (pattern: Pattern): Search =>
	typeof pattern === 'string' ? stringSearch(pattern) : expressionSearch(pattern);

const stringSearch = (pattern: string): Search => {
	const wanted = Buffer.from(pattern);
	const keep = Math.max(0, wanted.length - 1);
	return {
		keep,
		find({bytes, fresh}) {
			const start = bytes.indexOf(wanted, Math.max(0, fresh - keep));
			return start === -1 ? undefined : {start, end: start + wanted.length, match: [pattern]};
		},
	};
};

const expressionSearch = (pattern: RegExp): Search => {
	const expression = new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, ''));
	return {
		keep: lookBack,
		find({bytes, lineStart}) {
			const text = bytes.toString('utf8', lineStart);
			const match = expression.exec(text);
			if (match === null) {
				return undefined;
			}

			const start = lineStart + Buffer.byteLength(text.slice(0, match.index));
			return {start, end: start + Buffer.byteLength(match[0]), match};
		},
	};
};
