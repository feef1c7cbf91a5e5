import {deal as dealOut} from '../../harness/core/deal.ts';
import {randomNumbers} from '../../harness/core/statistics.ts';

/** One cell of a matrix: what it is expected to take, by an earlier night, and what it takes on a worker of speed 1. */
export type Cell = {readonly expectedS: number; readonly takesS: number};

/** The first worker is lost with the cell in its hands; another one may come in its place. */
export type Loss = {readonly atS: number; readonly spareAfterS?: number};

export type Night = {readonly makespanS: number; readonly utilisation: number; readonly done: number};

/** Cells of some kinds, their times spread log-normally; a share of them hangs until a deadline. The same for a seed everywhere. */
export const makeCells = (options: {
	readonly count: number;
	readonly kinds: ReadonlyArray<{readonly share: number; readonly seconds: number}>;
	/** Standard deviation of the time's logarithm. */
	readonly spread: number;
	readonly hangs: {readonly share: number; readonly seconds: number};
	readonly seed: number;
}): readonly Cell[] => {
	const random = randomNumbers(options.seed);
	return Array.from({length: options.count}, () => {
		let left = random();
		const {seconds: expectedS} = options.kinds.find(({share}) => (left -= share) < 0) ?? options.kinds[0]!;
		const takesS = expectedS * Math.exp(options.spread * gaussian(random));
		return {expectedS, takesS: random() < options.hangs.share ? options.hangs.seconds : takesS};
	});
};

/** How fast each worker is; 1 is the host of the benchmarks. */
export const makeSpeeds = (
	workers: number,
	{spread, seed}: {readonly spread: number; readonly seed: number},
): readonly number[] => {
	const random = randomNumbers(seed);
	return Array.from({length: workers}, () => Math.exp(spread * gaussian(random)));
};

/** By the method of Box and Muller (1958). */
const gaussian = (random: () => number): number =>
	Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/**
 * Deals cells out as shards of about the same length: by turns, or the longest first, as a matrix does.
 * As many shards as cells are a queue.
 */
export const deal = (
	cells: readonly Cell[],
	{shards, by}: {readonly shards: number; readonly by: 'turns' | 'longest-first'},
): ReadonlyArray<readonly Cell[]> => {
	if (by === 'turns') {
		return Array.from({length: shards}, (_, turn) => cells.filter((_, index) => index % shards === turn));
	}

	const ordered = cells.toSorted((a, b) => b.expectedS - a.expectedS);
	return dealOut(ordered, {parts: shards, lengthOf: ({expectedS}) => expectedS});
};

type Worker = {own: readonly Cell[]; freeAtS: number; readonly speed: number; readonly lostAtS: number};

/**
 * Plays a night: a worker takes the next shard when it is done with its own. What is left of a lost one's goes to the next that is free, as an index of a
 * Job that is started again goes on behind the cells that were finished.
 */
export const playNight = (
	shards: ReadonlyArray<readonly Cell[]>,
	{speeds, loss}: {readonly speeds: readonly number[]; readonly loss?: Loss},
): Night => {
	const waiting = shards.map((cells) => ({cells, sinceS: 0}));
	const workers: Worker[] = speeds.map((speed, index) => ({
		own: [],
		freeAtS: 0,
		speed,
		lostAtS: index === 0 ? (loss?.atS ?? Infinity) : Infinity,
	}));
	let [makespanS, busyS, done] = [0, 0, 0];
	for (;;) {
		const ready = workers.filter(({own}) => own.length > 0 || waiting.length > 0);
		if (ready.length === 0) {
			return {makespanS, utilisation: busyS / (makespanS * speeds.length), done};
		}

		const worker = ready.reduce((first, other) => (other.freeAtS < first.freeAtS ? other : first));
		if (worker.own.length === 0) {
			const {cells, sinceS} = waiting.shift()!;
			worker.own = cells;
			worker.freeAtS = Math.max(worker.freeAtS, sinceS);
			continue;
		}

		const [cell, ...rest] = worker.own;
		const doneAtS = worker.freeAtS + cell!.takesS / worker.speed;
		if (doneAtS > worker.lostAtS) {
			workers.splice(workers.indexOf(worker), 1);
			waiting.unshift({cells: worker.own, sinceS: worker.lostAtS});
			if (loss?.spareAfterS !== undefined) {
				workers.push({own: [], freeAtS: worker.lostAtS + loss.spareAfterS, speed: 1, lostAtS: Infinity});
			}

			continue;
		}

		done++;
		busyS += doneAtS - worker.freeAtS;
		worker.own = rest;
		worker.freeAtS = doneAtS;
		makespanS = Math.max(makespanS, doneAtS);
	}
};
