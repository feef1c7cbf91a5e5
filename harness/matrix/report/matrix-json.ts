import {type RunState} from '../../report/run-state.ts';
import {type KnownIssue} from '../matrix-file.ts';
import {type Outcome} from '../outcome.ts';
import {reasonOf, stateOf} from './cell-state.ts';
import {changesOf} from './changes.ts';
import {happenedIssues} from './happened-issues.ts';
import {type MatrixResult} from './matrix-schema.ts';

/** A matrix for programs: a cell each, in the order of the file. `state`: as a row's verdict; `skip`: nothing failed but what is known. */
export const matrixJson = (outcomes: readonly Outcome[], given: {readonly gone: readonly KnownIssue[]}): string =>
	`${JSON.stringify(resultOf(outcomes, given), undefined, '\t')}\n`;

const resultOf = (outcomes: readonly Outcome[], {gone}: {readonly gone: readonly KnownIssue[]}): MatrixResult => ({
	schema: 'bootwright-matrix-1',
	cells: outcomes.map((outcome) => ({
		id: outcome.cell.id,
		image: outcome.cell.image,
		profile: outcome.cell.profile,
		accelerator: outcome.run.started?.machine.accelerator ?? outcome.cell.accelerator,
		set: outcome.cell.set,
		state: stateOf(outcome),
		reason: reasonOf(outcome),
		exitCode: outcome.exitCode,
		startedAt: outcome.record?.startedAt ?? null,
		durationMs: outcome.record?.durationMs ?? null,
		run: outcome.record?.run ?? null,
		known: outcome.run.knownSeen.map(({issue}) => issue.id),
		rows: outcome.run.rows.map(({id, verdict}) => ({id, verdict})),
	})),
	changes: changesOf(outcomes) ?? null,
	known: happenedIssues(outcomes).map(({issue: {id, reason, link = null, until, expired}, places}) => ({
		id,
		reason,
		link,
		until,
		expired,
		places,
	})),
	gone: gone.map(({id}) => id),
});

/** Runs as the reports of runs take them. */
export const runsOf = (outcomes: readonly Outcome[]): readonly RunState[] => outcomes.map(({run}) => run);
