/** A piece of work that uses the host beside others. `alone` resolves when it has the host for itself, which it keeps to its end. */
export type Job = (alone: () => Promise<void>) => Promise<void>;

export type Room = {
	/** Jobs that use a processor at once. */
	readonly busy: number;
	/** Jobs that have begun and not ended, those that wait for the host among them: each holds memory. */
	readonly held: number;
};

/**
 * Does jobs in their order, as many at once as there is room for. One that waits to be alone makes room for the next, and is alone when
 * nothing can run beside it any more.
 * @throws the first error of a job, when those that had begun are over; no other is begun then
 */
export const takeTurns = async (jobs: readonly Job[], room: Room): Promise<void> => {
	const left = [...jobs];
	const waiting = new Set<() => void>();
	const errors: unknown[] = [];
	const all = Promise.withResolvers<undefined>();
	let busy = 0;
	let isOneAlone = false;

	const next = (): void => {
		while (!isOneAlone && busy < room.busy && busy + waiting.size < room.held) {
			const job = left.shift();
			if (job === undefined) {
				break;
			}

			busy++;
			void begin(job);
		}

		if (busy > 0) {
			return;
		}

		const [turn] = waiting;
		if (turn !== undefined) {
			waiting.delete(turn);
			isOneAlone = true;
			busy++;
			turn();
		} else {
			all.resolve(undefined);
		}
	};

	const begin = async (job: Job): Promise<void> => {
		let wish: (() => void) | undefined;
		const alone = async (): Promise<void> => {
			if (wish !== undefined) {
				return;
			}

			const {promise, resolve} = Promise.withResolvers<undefined>();
			wish = () => {
				resolve(undefined);
			};

			waiting.add(wish);
			busy--;
			next();
			await promise;
		};

		try {
			await job(alone);
		} catch (error) {
			errors.push(error);
			left.length = 0;
		}

		// One that gave up waiting uses no processor, and is not alone.
		if (wish === undefined || !waiting.delete(wish)) {
			busy--;
			isOneAlone &&= wish === undefined;
		}

		next();
	};

	next();
	await all.promise;
	if (errors.length > 0) {
		throw errors[0];
	}
};
