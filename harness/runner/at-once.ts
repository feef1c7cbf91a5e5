import os from 'node:os';
import process from 'node:process';

/** As many at once as the host's processors and free memory carry, those of a control group counted (cgroups(7)). */
export const atOnce = ({
	processors,
	mebibytes,
	others = 0,
}: {
	readonly processors: number;
	readonly mebibytes: number;
	/** Processors that somebody else wants. */
	readonly others?: number;
}): number =>
	Math.max(1, Math.min(Math.floor((os.availableParallelism() - others) / processors), atOnceInMemory(mebibytes)));

/** As many as the free memory carries, whatever the processors do. */
export const atOnceInMemory = (mebibytes: number): number =>
	Math.max(1, Math.floor(process.availableMemory() / 2 ** 20 / mebibytes));
