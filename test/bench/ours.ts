import path from 'node:path';
import {readFile} from 'node:fs/promises';
import {execa} from 'execa';
import {monotonicMs} from '../../harness/core/clock.ts';
import {type Measurement, type RunEvent} from '../../harness/core/events.ts';

const program = path.resolve(import.meta.dirname, '../../harness/bootwright.js');

export type OurRun = {
	/** From the start of the program to the open root shell. */
	readonly shellSeconds: number;
	/** From the first instruction of the machine to the open root shell. */
	readonly bootSeconds: number;
	/** All scenarios, after the shell. */
	readonly scenarioSeconds: number;
	/** From the start of the program to the last row that was judged. */
	readonly verdictSeconds: number;
	readonly totalSeconds: number;
	/** Peak resident memory of the harness, in MiB (VmHWM). */
	readonly peakMiB: number;
	readonly exitCode: number | undefined;
	/** Of each scenario, in milliseconds. */
	readonly durations: Readonly<Record<string, number>>;
	readonly measured: readonly Measurement[];
	/** The run's directory. */
	readonly artifacts: string;
};

/** One run of the real program, watched from outside by its event stream. */
export const ourRun = async (args: readonly string[]): Promise<OurRun> => {
	const startedAt = monotonicMs();
	const child = execa(process.execPath, [program, 'test', ...args, '--reporter', 'events', '--no-history'], {
		reject: false,
		buffer: false,
	});
	const run = {shellSeconds: NaN, bootSeconds: NaN, scenarioSeconds: 0, verdictSeconds: NaN, peakMiB: 0, artifacts: ''};
	const durations: Record<string, number> = {};
	const measured: Measurement[] = [];
	for await (const line of child) {
		const event = JSON.parse(line) as RunEvent;
		switch (event.type) {
			case 'run-started': {
				run.artifacts = event.artifacts;
				break;
			}

			case 'phase-reached': {
				if (event.phase === 'access') {
					run.shellSeconds = (monotonicMs() - startedAt) / 1000;
					run.bootSeconds = event.ms / 1000;
				}

				break;
			}

			case 'requirement-judged': {
				run.verdictSeconds = (monotonicMs() - startedAt) / 1000;
				break;
			}

			case 'scenario-finished': {
				run.scenarioSeconds += event.durationMs / 1000;
				durations[event.scenario] = event.durationMs;
				break;
			}

			case 'measured': {
				measured.push(event.measurement);
				break;
			}

			case 'run-finished': {
				run.peakMiB = await peakOf(child.pid);
				break;
			}

			default:
		}
	}

	const {exitCode} = await child;
	return {...run, durations, measured, totalSeconds: (monotonicMs() - startedAt) / 1000, exitCode};
};

const peakOf = async (pid = 0): Promise<number> => {
	const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
	return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? NaN) / 1024;
};
