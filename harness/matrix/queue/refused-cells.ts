import {monotonicMs} from '../../core/clock.ts';
import {needsOfQueue, serves} from './names.ts';
import {type WaitingCell} from './waiting-cells.ts';
import {type Presence} from './workers.ts';

/** Another worker may come in the meantime. */
const graceMs = 3000;

/**
 * Cells that every worker refuses, for a while now: nobody would ever run them.
 * @returns what is called again and again with the workers there are
 */
export const refusedCells = (
	waiting: ReadonlyMap<string, WaitingCell>,
): ((workers: readonly Presence[]) => ReadonlyArray<{readonly cell: WaitingCell; readonly why: string}>) => {
	const since = new Map<string, number>();
	return (workers) =>
		waiting
			.values()
			.flatMap((cell) => {
				const serving = workers.filter(({labels}) => serves(labels, cell.queue));
				if (serving.length === 0 || serving.some(({id}) => !cell.refusals.has(id))) {
					since.delete(cell.id);
					return [];
				}

				const first = since.get(cell.id) ?? monotonicMs();
				since.set(cell.id, first);
				const whys = serving.map(({id}) => `${id}: ${cell.refusals.get(id) ?? ''}`);
				return monotonicMs() - first < graceMs ? [] : [{cell, why: `every worker refuses it; ${whys.join('; ')}`}];
			})
			.toArray();
};

/** What to say of cells that no worker there is may take. */
export const unservedLines = (
	waiting: ReadonlyMap<string, WaitingCell>,
	workers: readonly Presence[],
): readonly string[] => {
	const queues = new Set(waiting.values().map(({queue}) => queue));
	const unserved = queues
		.values()
		.filter((queue) => workers.every(({labels}) => !serves(labels, queue)))
		.toArray();
	return unserved.map((queue) => {
		const needs = needsOfQueue(queue);
		const lack = needs.length === 0 ? 'there is no worker' : `no worker has what some cells need (${needs.join(', ')})`;
		// Whether there is KVM is found out, not said.
		const labels = needs.filter((need) => need !== 'kvm').map((need) => ` --label ${need}`);
		return `${lack}; they wait for: bootwright worker --queue URL${labels.join('')}`;
	});
};
