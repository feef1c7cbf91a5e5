import {type Layout, wrap} from './layout.ts';
import {printable} from './printable.ts';
import type {Row} from './run-state.ts';

/** Rows that could not be seen, together where the reason is the same, with the command that makes them observable. */
export const renderSkips = (rows: readonly Row[], layout: Layout): readonly string[] => {
	const skipped = rows.filter(({verdict}) => verdict === 'skip');
	const byReason = Map.groupBy(skipped, ({reason, judgement: {fix}}) => JSON.stringify([reason, fix]));
	return byReason
		.values()
		.flatMap((members) => {
			const [{reason, judgement}] = members as [Row, ...Row[]];
			return [
				wrap(printable(reason), layout, {first: `○ ${members.length} × `, rest: ' '.repeat(4)}),
				wrap(members.map(({id}) => id).join(' '), layout, {first: ' '.repeat(4), rest: ' '.repeat(4)}),
				...(judgement.fix === undefined
					? []
					: [wrap(judgement.fix, layout, {first: `    ${layout.paint('cyan', 'fix')}  `, rest: ' '.repeat(9)})]),
			];
		})
		.toArray();
};
