import {type Measurement} from '../../harness/core/events.ts';
import {type Judgement} from '../../harness/core/verdict.ts';
import {loadScenarios} from '../../harness/runner/load-scenarios.ts';
import {runScenario} from '../../harness/runner/run-scenario.ts';
import {fakeImage} from '../scenarios/_run.ts';
import {type ProbeMachine} from './_probe-machine.ts';

export type Outcome = {
	readonly rows: ReadonlyMap<string, Judgement>;
	readonly notes: readonly string[];
	readonly measurements: readonly Measurement[];
	/** What the scenarios left as artifacts. */
	readonly files: ReadonlyMap<string, Uint8Array>;
};

/** Runs the project's scenarios whose id matches, in their order, on a probe that is up. */
export const runScenarios = async (
	{guest, machine, deadline}: ProbeMachine,
	{
		ids,
		selected,
		bytes = 1024 ** 3,
	}: {readonly ids: RegExp; readonly selected: readonly string[]; readonly bytes?: number},
): Promise<Outcome> => {
	const rows = new Map<string, Judgement>();
	const notes: string[] = [];
	const measurements: Measurement[] = [];
	const files = new Map<string, Uint8Array>();
	const scenarios = (await loadScenarios()).filter(({id}) => ids.test(id));
	for (const scenario of scenarios) {
		await runScenario(scenario, {
			machine,
			image: {...fakeImage, bytes},
			guest,
			deadline,
			keep: async (name, bytes) => void files.set(name, bytes),
			timeoutScale: 3,
			selected: new Set(selected),
			emit(event) {
				switch (event.type) {
					case 'requirement-judged': {
						rows.set(event.id, event.judgement);
						break;
					}

					case 'note': {
						notes.push(event.text);
						break;
					}

					case 'measured': {
						measurements.push(event.measurement);
						break;
					}

					default:
				}
			},
		});
	}

	return {rows, notes, measurements, files};
};
