import path from 'node:path';
import {type Measurement, type RunEvent, bootPhases} from '../core/events.ts';
import {HarnessBug} from '../core/errors.ts';
import {exitCodeOfRun} from './exit-code.ts';
import type {RunResult} from './result-schema.ts';
import {type Row, type RunState, foldRun} from './run-state.ts';

/**
 * The result file of a run that was started.
 * @throws HarnessBug without a `run-started` event
 */
export const resultOf = (events: readonly RunEvent[]): RunResult => {
	const run = foldRun(events);
	const {started} = run;
	if (started === undefined) {
		throw new HarnessBug('A run that never started has no result');
	}

	const exitCode = exitCodeOfRun(run);
	return {
		schema: 1,
		verdict: exitCode === 0 ? 'pass' : exitCode === 1 || exitCode === 3 ? 'fail' : 'error',
		exitCode,
		version: started.version,
		startedAt: new Date(started.at).toISOString(),
		durationMs: run.durationMs,
		strict: started.strict,
		image: {path: started.image.path, sha256: run.sha256 ?? null, bytes: started.image.bytes},
		machine: started.machine,
		access: {method: run.access.method ?? null, tried: run.access.tried.map(({method}) => method)},
		phases: bootPhases.map((name) => {
			const ms = run.phases.get(name);
			return ms === undefined ? {name} : {name, ms};
		}),
		requirements: run.rows.map(requirement),
		scenarios: run.scenarios,
		measurements: run.measurements.map(measurement),
		failure: failure(run),
		console: {problems: run.problems},
		artifacts: {directory: started.artifacts, reproduce: path.join(started.artifacts, 'qemu.sh')},
	};
};

/** The result file's bytes. */
export const resultText = (events: readonly RunEvent[]): string =>
	`${JSON.stringify(resultOf(events), undefined, 2)}\n`;

/** A row as JSON. */
export const requirement = ({id, verdict, scenario, reason, judgement}: Row): RunResult['requirements'][number] => ({
	id,
	verdict,
	scenario,
	reason,
	evidence: judgement.evidence,
	...(!(judgement.fix === undefined) && {fix: judgement.fix}),
});

/** What was compared to come to it, and its words for people, are the reports'. */
const measurement = ({
	id,
	metric,
	value,
	ci95,
	samples,
	frameSizes,
	merged,
}: Measurement): RunResult['measurements'][number] => ({
	id,
	metric,
	value,
	ci95,
	samples,
	...(!(frameSizes === undefined) && {frameSizes}),
	...(!(merged === undefined) && {merged}),
});

const failure = ({guestFailure, runFailure}: RunState): RunResult['failure'] => {
	const event = runFailure ?? guestFailure;
	if (event === undefined) {
		return null;
	}

	return {
		kind: event.type === 'run-failed' ? event.code : event.failure,
		message: event.message,
		...(!(event.hint === undefined) && {hint: event.hint}),
	};
};
