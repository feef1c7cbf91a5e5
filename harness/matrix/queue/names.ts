import {inByteOrder} from '../../image/build/in-byte-order.ts';
import {type Cell} from '../cells.ts';

/** All that Bootwright has on a server begins with it. */
export const prefix = 'bootwright';

/** Labels that a worker must have to be given a cell, in order: `kvm` where KVM was asked for, and those of the matrix. */
export const needsOf = ({accelerator, needs}: Pick<Cell, 'accelerator' | 'needs'>): readonly string[] =>
	[...new Set([...(accelerator === 'kvm' ? ['kvm'] : []), ...needs])].toSorted(inByteOrder);

/** BullMQ gives any job to any worker of a queue: so there is a queue for each set of labels that is needed. `cells.big.kvm`. */
export const queueOf = (needs: readonly string[]): string => ['cells', ...needs].join('.');

export const needsOfQueue = (queue: string): readonly string[] => queue.split('.').slice(1);

/** Whether a worker with these labels takes the cells of a queue. */
export const serves = (labels: readonly string[], queue: string): boolean =>
	needsOfQueue(queue).every((label) => labels.includes(label));

export const jobKey = (queue: string, job: string): string => `${prefix}:${queue}:${job}`;

export const keys = {
	/** Set: names of queues. */
	queues: `${prefix}:queues`,
	/** Set: ids of workers, of which some may be gone. */
	workers: `${prefix}:workers`,
	/** String, as long as the worker lives: what it says of itself. */
	worker: (id: string): string => `${prefix}:worker:${id}`,
	/** Set: ids of runs. */
	runs: `${prefix}:runs`,
	/** Hash: what a matrix says of itself. */
	run: (id: string): string => `${prefix}:run:${id}`,
	/** String, as long as the matrix waits for its cells. */
	watched: (id: string): string => `${prefix}:run:${id}:watched`,
	/** List: messages of workers, the newest first. */
	messages: (id: string): string => `${prefix}:run:${id}:messages`,
	/** List: the message that the matrix is writing down. */
	taken: (id: string): string => `${prefix}:run:${id}:taken`,
	/** Set: jobs whose results are written down. */
	settled: (id: string): string => `${prefix}:run:${id}:settled`,
} as const;
