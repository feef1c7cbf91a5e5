import {type MatrixChanges} from './changes.ts';

/** `Since the earlier nights (12 cells have one): 1 newly failing, 0 newly passing, 2 flaky, 1 beyond noise`. */
export const changeSummary = ({compared, newlyFailing, newlyPassing, flaky, figures}: MatrixChanges): string =>
	`Since the earlier nights (${compared} ${compared === 1 ? 'cell has' : 'cells have'} one): ${newlyFailing.length} newly failing, ${newlyPassing.length} newly passing, ${flaky.length} flaky, ${figures.length} beyond noise`;
