import {type Layout, wrap} from './layout.ts';
import {printable, printableLines} from './printable.ts';
import type {Row} from './run-state.ts';

/** Rows that nobody saw, together where the reason is the same, with the command that makes them observable. */
export const renderUnseen = (rows: readonly Row[], mark: string, layout: Layout): readonly string[] => {
	const byReason = Map.groupBy(rows, ({reason, judgement: {fix}}) => JSON.stringify([reason, fix]));
	return byReason
		.values()
		.flatMap((members) => {
			const [{reason, judgement}] = members as [Row, ...Row[]];
			return [
				wrap(printable(reason), layout, {first: `${mark} ${members.length} × `, rest: ' '.repeat(4)}),
				wrap(members.map(({id}) => printable(id)).join(' '), layout, {first: ' '.repeat(4), rest: ' '.repeat(4)}),
				...(judgement.fix === undefined
					? []
					: [
							wrap(printableLines(judgement.fix), layout, {
								first: `    ${layout.paint('cyan', 'fix')}  `,
								rest: ' '.repeat(9),
							}),
						]),
			];
		})
		.toArray();
};
