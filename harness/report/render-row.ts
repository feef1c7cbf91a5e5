import type {Evidence} from '../core/verdict.ts';
import {type Layout, wrap} from './layout.ts';
import {markOf} from './marks.ts';
import {printable, printableLines} from './printable.ts';
import {textOfRow} from './row-text.ts';
import type {Row} from './run-state.ts';

/** One row in full: what it is, why it was judged so, what each side saw, and how to mend it where it did not pass. */
export const renderRow = (row: Row, layout: Layout): readonly string[] => {
	const {title, fix} = textOfRow(row);
	return [
		wrap(`${layout.paint('bold', printable(row.id))}${title === '' ? '' : ` · ${title}`}`, layout, {
			first: `${markOf(row.verdict, layout)} `,
			rest: '  ',
		}),
		wrap(printable(row.reason), layout, {first: ' '.repeat(4), rest: ' '.repeat(4)}),
		...row.judgement.evidence.map((evidence) => renderEvidence(evidence, layout)),
		...(row.verdict === 'pass' || fix === undefined
			? []
			: [wrap(printableLines(fix), layout, {first: `    ${layout.paint('cyan', 'fix')}  `, rest: ' '.repeat(9)})]),
	];
};

const renderEvidence = ({side, what, expected, observed, holds}: Evidence, layout: Layout): string =>
	wrap(`${printable(what)}: ${printable(observed)}${holds ? '' : `, required ${printable(expected)}`}`, layout, {
		first: `    ${markOf(holds ? 'pass' : 'fail', layout)} ${layout.paint('dim', side.padEnd(5))} `,
		rest: ' '.repeat(12),
	});
