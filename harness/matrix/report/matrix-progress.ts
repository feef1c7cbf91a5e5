import {seconds} from '../../core/deadline.ts';
import {type Durations} from '../shard.ts';

/** What goes on in a matrix, for a live line. Times are milliseconds since the epoch. */
export type MatrixProgress = {
	readonly begins: (cell: string, now: number) => void;
	readonly ends: (cell: string) => void;
	/** One line, without its end; empty when all are finished. */
	readonly text: (now: number) => string;
};

/** @param durations of an earlier night, for what a cell usually takes */
export const matrixProgress = (cells: number, durations: Durations): MatrixProgress => {
	const running = new Map<string, number>();
	let finished = 0;
	const told = (id: string, since: number, now: number): string => {
		const usually = durations.get(id);
		return `${id} ${seconds(Math.max(0, now - since))}${usually === undefined ? '' : `, usually ${seconds(usually)}`}`;
	};
	return {
		begins(cell, now) {
			running.set(cell, now);
		},
		ends(cell) {
			running.delete(cell);
			finished++;
		},
		text(now) {
			const count = `${finished} of ${cells} cells finished`;
			return finished === cells
				? ''
				: [count, ...running.entries().map(([id, since]) => told(id, since, now))].join(' | ');
		},
	};
};
