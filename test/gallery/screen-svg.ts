import xterm from '@xterm/headless';
import {codePoints} from '../../harness/report/printable.ts';
import {type Recording, columns, rows} from './record.ts';

const cell = {width: 8.43, height: 18};
const margin = 14;
/** Of the sixteen colours of a terminal, those that the program uses: names and values of GitHub's dark theme. */
const colours: Readonly<Record<number, string>> = {
	1: '#ff7b72',
	2: '#3fb950',
	3: '#d29922',
	4: '#58a6ff',
	5: '#bc8cff',
	6: '#39c5cf',
	8: '#8b949e',
};

/** A piece of a line that looks the same from its first cell to its last. */
type Piece = {readonly column: number; text: string; readonly look: string};

/**
 * The last screen of a recording as a picture, drawn by what a terminal has in its cells. Each piece stands where its column is, and is as
 * wide as its cells, whatever font a browser has.
 */
export const screenSvg = async (recording: Recording, title: string): Promise<string> => {
	const terminal = new xterm.Terminal({cols: columns, rows, scrollback: 0, allowProposedApi: true});
	for (const [, text] of recording) {
		await new Promise<void>((resolve) => {
			terminal.write(text, resolve);
		});
	}

	const lines = Array.from({length: rows}, (_, row) => piecesOf(terminal, row));
	const used = lines.findLastIndex((pieces) => pieces.length > 0) + 1;
	const width = Math.ceil(columns * cell.width + 2 * margin);
	const height = used * cell.height + 2 * margin;
	const texts = lines
		.slice(0, used)
		.flatMap((pieces, row) =>
			pieces.map(
				({column, text, look}) =>
					`<text x="${(margin + column * cell.width).toFixed(1)}" y="${margin + row * cell.height + 13}" textLength="${(codePoints(text).length * cell.width).toFixed(1)}"${look}>${escape(text)}</text>`,
			),
		);
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escape(title)}</title>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" fill="#e6edf3" xml:space="preserve" lengthAdjust="spacingAndGlyphs">
${texts.join('\n')}
</g>
</svg>
`;
};

const piecesOf = (terminal: xterm.Terminal, row: number): readonly Piece[] => {
	const line = terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row);
	const pieces: Piece[] = [];
	for (let column = 0; column < columns; column++) {
		const one = line?.getCell(column);
		const text = one?.getChars() ?? '';
		if (one === undefined || text === '' || text === ' ') {
			continue;
		}

		const fill = one.isFgPalette() ? colours[one.getFgColor() % 8 === 0 ? 8 : one.getFgColor() % 8] : undefined;
		const look = `${fill === undefined ? '' : ` fill="${fill}"`}${one.isBold() === 0 ? '' : ' font-weight="bold"'}${one.isDim() === 0 ? '' : ' opacity=".7"'}`;
		const last = pieces.at(-1);
		// One blank between words of one look is part of them.
		const gap = last === undefined ? -1 : column - last.column - codePoints(last.text).length;
		if (last?.look === look && (gap === 0 || gap === 1)) {
			last.text += `${' '.repeat(gap)}${text}`;
		} else {
			pieces.push({column, text, look});
		}
	}

	return pieces;
};

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
