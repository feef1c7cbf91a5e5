import {stripVTControlCharacters, styleText} from 'node:util';
import {codePoints} from './printable.ts';

/** Where a report goes: how wide it is, and whether it understands colours. */
export type Layout = {
	readonly width: number;
	readonly paint: (style: Style, text: string) => string;
};

/** Below it even a row's name has no room. */
const narrowest = 20;

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** @param options.width columns of the terminal; what is none, or does not know (0), is written for 80 columns */
export const layoutOf = ({width, color}: {readonly width?: number | undefined; readonly color: boolean}): Layout => ({
	width: Math.max(narrowest, Math.min(width === undefined || width === 0 ? 80 : width, 120)),
	paint: color ? (style, text) => styleText(style, text, {validateStream: false}) : (_style, text) => text,
});

/**
 * Breaks a text between words so that no line is wider than the layout; a word that is wider keeps its line (paths and
 * commands stay whole, to be copied). Line breaks in the text are kept. The first line gets `first`, all others `rest`.
 */
export const wrap = (
	text: string,
	{width}: Layout,
	{first, rest}: {readonly first: string; readonly rest: string},
): string => {
	const lines: string[] = [];
	for (const paragraph of text.split('\n')) {
		let line = lines.length === 0 ? first : rest;
		let empty = true;
		for (const word of paragraph.split(' ')) {
			if (!empty && visibleLength(line) + 1 + visibleLength(word) > width) {
				lines.push(line);
				line = rest;
				empty = true;
			}

			line += empty ? word : ` ${word}`;
			empty = false;
		}

		lines.push(line.trimEnd());
	}

	return lines.join('\n');
};

const visibleLength = (text: string): number => codePoints(stripVTControlCharacters(text)).length;
