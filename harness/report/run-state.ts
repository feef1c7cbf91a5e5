import {type Compared} from '../core/changes.ts';
import {
	type AccessMethod,
	type BootPhase,
	type ConsoleProblem,
	type KnownFailure,
	type Measurement,
	type RunEvent,
} from '../core/events.ts';
import {type SeenFailure, coverKnown} from './known-failures.ts';
import type {Judgement, Verdict} from '../core/verdict.ts';

type Of<Type extends RunEvent['type']> = Extract<RunEvent, {type: Type}>;

/** One requirement as the run leaves it. */
export type Row = {
	readonly id: string;
	/** Empty where nobody came to judge it. */
	readonly scenario: string;
	/** Of that scenario, where its event tells it. */
	readonly title?: string | undefined;
	/** What counts; under `--strict` a warn or skip is a fail here. */
	readonly verdict: Verdict;
	readonly reason: string;
	/** As the scenario gave it. */
	readonly judgement: Judgement;
	/** What somebody knows of its failure, also where the day of that is over. */
	readonly known?: KnownFailure | undefined;
};

/** A run, read back from its events: what every report and the exit code are made of. */
export type RunState = {
	readonly started: Of<'run-started'> | undefined;
	readonly sha256: string | undefined;
	readonly notes: readonly string[];
	readonly phases: ReadonlyMap<BootPhase, number>;
	readonly access: {readonly method: AccessMethod | undefined; readonly tried: ReadonlyArray<Of<'access-tried'>>};
	readonly problems: readonly ConsoleProblem[];
	/** Of a matrix, with what is known to go wrong in it. */
	readonly cell: Of<'matrix-cell'> | undefined;
	/** Known failures that happened. */
	readonly knownSeen: readonly SeenFailure[];
	/** The rows that were planned, in the order of the plan, each with exactly one verdict. */
	readonly rows: readonly Row[];
	readonly scenarios: readonly ScenarioState[];
	readonly measurements: readonly Measurement[];
	/** What the history says of it. */
	readonly compared: Compared | undefined;
	readonly guestFailure: Of<'guest-failed'> | undefined;
	/** One that is known, and does not count. */
	readonly knownGuestFailure: Of<'guest-failed'> | undefined;
	readonly runFailure: Of<'run-failed'> | undefined;
	/** From the first event to the last. */
	readonly durationMs: number;
};

export type ScenarioState = {
	readonly id: string;
	readonly verdict: Verdict;
	readonly durationMs: number;
	readonly attempts: number;
};

/** Folds the events of one run. Rows that nobody came to judge get the verdict that the run's end explains. */
export const foldRun = (events: readonly RunEvent[]): RunState => {
	const started = last(events, 'run-started');
	const tried = all(events, 'access-tried');
	const guestFailure = last(events, 'guest-failed');
	const runFailure = last(events, 'run-failed');
	const judged = new Map(all(events, 'requirement-judged').map((event) => [event.id, event]));
	const unseen = unseenJudgement(guestFailure, runFailure);
	const cell = last(events, 'matrix-cell');
	const titles = new Map(all(events, 'scenario-started').map(({scenario, title}) => [scenario, title]));
	const rows = (started?.requirements ?? []).map((id) => {
		const event = judged.get(id);
		const scenario = event?.scenario ?? '';
		const judgement = event?.judgement ?? unseen;
		return {...row(id, {scenario, judgement, strict: started?.strict ?? false}), title: titles.get(scenario)};
	});
	const covered = coverKnown({rows, guestFailure}, cell?.known ?? []);
	return {
		started,
		cell,
		knownSeen: covered.seen,
		sha256: last(events, 'image-hashed')?.sha256 ?? started?.image.sha256,
		notes: [...all(events, 'note').map(({text}) => text), ...covered.notes],
		phases: new Map(all(events, 'phase-reached').map(({phase, ms}) => [phase, ms])),
		access: {method: tried.find(({opened}) => opened)?.method, tried},
		problems: all(events, 'console-problem').map(({problem}) => problem),
		rows: covered.rows,
		scenarios: scenarioStates(all(events, 'scenario-finished')),
		measurements: lastOfEach(all(events, 'measured').map(({measurement}) => measurement)),
		compared: last(events, 'compared')?.compared,
		guestFailure: covered.guestFailure,
		knownGuestFailure: covered.knownGuestFailure,
		runFailure,
		durationMs: last(events, 'run-finished')?.durationMs ?? (events.at(-1)?.at ?? 0) - (events[0]?.at ?? 0),
	};
};

const all = <Type extends RunEvent['type']>(events: readonly RunEvent[], type: Type): ReadonlyArray<Of<Type>> =>
	events.filter((event): event is Of<Type> => event.type === type);

const last = <Type extends RunEvent['type']>(events: readonly RunEvent[], type: Type): Of<Type> | undefined =>
	events.findLast((event): event is Of<Type> => event.type === type);

/** A scenario that ran again has measured again. */
const lastOfEach = (measurements: readonly Measurement[]): readonly Measurement[] =>
	new Map(measurements.map((one) => [`${one.id} ${one.metric}`, one])).values().toArray();

/** Why a planned row has no judgement: a dead guest or a run that ended early leave it unseen, a broken host or harness is an error. */
const unseenJudgement = (
	guestFailure: Of<'guest-failed'> | undefined,
	runFailure: Of<'run-failed'> | undefined,
): Judgement => {
	if (guestFailure !== undefined) {
		return {
			verdict: 'skip',
			reason: `the guest failed before this could be seen (${guestFailure.failure})`,
			evidence: [],
		};
	}

	if (runFailure === undefined) {
		return {verdict: 'error', reason: 'no scenario judged this row', evidence: []};
	}

	return runFailure.code === 'deadline' || runFailure.code === 'interrupted'
		? {verdict: 'skip', reason: `the run ended before this could be seen (${runFailure.message})`, evidence: []}
		: {verdict: 'error', reason: `the run failed before this could be seen (${runFailure.message})`, evidence: []};
};

/** A judgement as it counts: under `--strict` a warn or skip is a fail. */
export const row = (
	id: string,
	{scenario, judgement, strict}: {readonly scenario: string; readonly judgement: Judgement; readonly strict: boolean},
): Row => {
	const {verdict, reason} = judgement;
	return strict && (verdict === 'warn' || verdict === 'skip')
		? {id, scenario, judgement, verdict: 'fail', reason: `${verdict}, which --strict makes a fail: ${reason}`}
		: {id, scenario, judgement, verdict, reason};
};

/** A scenario that ran more than once keeps its last verdict and says how often it was tried. */
const scenarioStates = (finished: ReadonlyArray<Of<'scenario-finished'>>): readonly ScenarioState[] => {
	const states = new Map<string, ScenarioState>();
	for (const {scenario, verdict, durationMs} of finished) {
		const attempts = (states.get(scenario)?.attempts ?? 0) + 1;
		states.set(scenario, {id: scenario, verdict, durationMs, attempts});
	}

	return states.values().toArray();
};
