import os from 'node:os';
import {type BootPhase, type RunEvent} from '../core/events.ts';
import {type Verdict} from '../core/verdict.ts';
import {exitCodeOfRun} from '../report/exit-code.ts';
import {foldRun} from '../report/run-state.ts';

/** What times depend on besides the image: times of two classes are never compared. */
export type HostClass = {
	/** Model name of the processor. */
	readonly processor: string;
	readonly processors: number;
	readonly qemu: string;
};

/** Which run: a directory is used once, but a person may empty it and begin again. */
export type RunKey = {readonly directory: string; readonly startedAt: string};

/** A run as the history keeps it. */
export type HistoryRun = RunKey & {
	readonly image: string;
	/** Of a matrix; null outside of one. */
	readonly cell: string | null;
	readonly sha256: string | null;
	readonly profile: string;
	readonly accelerator: string;
	/** The way in, which decides how long `access` takes. */
	readonly access: string | null;
	readonly host: HostClass;
	readonly version: string;
	readonly exitCode: number;
	readonly phases: ReadonlyArray<{readonly name: BootPhase; readonly ms: number}>;
	readonly measurements: readonly Figure[];
	/** As the scenarios gave them, without --strict. */
	readonly verdicts: readonly RowVerdict[];
};

export type Figure = {
	readonly id: string;
	readonly metric: string;
	readonly value: number;
	readonly ci95: readonly [low: number, high: number];
};

export type RowVerdict = {
	readonly id: string;
	readonly verdict: Verdict;
	/** False where nobody came to judge it. */
	readonly judged: boolean;
};

/**
 * What to keep of a run; undefined where a person ended it, or asked for something impossible: that says nothing about an image.
 * @param options.kernel the kernel that was given from outside, as the person named it
 * @param options.cell of the matrix that it is run for
 */
export const historyRunOf = (
	events: readonly RunEvent[],
	{kernel, cell}: {readonly kernel?: string | undefined; readonly cell?: string | undefined} = {},
): HistoryRun | undefined => {
	const run = foldRun(events);
	const {started, runFailure} = run;
	if (started === undefined || runFailure?.code === 'interrupted' || runFailure?.code === 'usage') {
		return undefined;
	}

	const {image, machine} = started;
	return {
		directory: started.artifacts,
		startedAt: new Date(started.at).toISOString(),
		image: kernel === undefined || kernel === image.path ? image.path : `${image.path} --kernel ${kernel}`,
		cell: cell ?? null,
		// The digest of the disk would not tell two kernels apart.
		sha256: kernel === undefined ? (run.sha256 ?? null) : null,
		profile: machine.profile,
		accelerator: machine.accelerator,
		access: run.access.method ?? null,
		host: hostClass(machine.qemu),
		version: started.version,
		exitCode: exitCodeOfRun(run),
		phases: [...run.phases].map(([name, ms]) => ({name, ms})),
		measurements: run.measurements.map(({id, metric, value, ci95}) => ({id, metric, value, ci95})),
		verdicts: run.rows.map(({id, scenario, judgement}) => ({
			id,
			verdict: judgement.verdict,
			judged: scenario !== '',
		})),
	};
};

const hostClass = (qemu: string): HostClass => {
	const processors = os.cpus();
	return {processor: processors[0]?.model.trim() ?? 'unknown', processors: processors.length, qemu};
};
