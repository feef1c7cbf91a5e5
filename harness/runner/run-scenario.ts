import {abortable} from '../core/abortable.ts';
import {monotonicMs, wallClockMs} from '../core/clock.ts';
import {type Deadline} from '../core/deadline.ts';
import {
	BootwrightError,
	DeadlineError,
	GuestError,
	HarnessBug,
	InterruptedError,
	UnobservableError,
	messageOf,
} from '../core/errors.ts';
import {type Measurement, type RunEvent} from '../core/events.ts';
import {type Judgement, type Verdict, judgeEvidence} from '../core/verdict.ts';
import {type Guest} from '../machine/guest.ts';
import {type ImageUnderTest, type Machine, type Scenario, type ScenarioContext} from '../machine/scenario.ts';
import {scenarioMs} from './timeouts.ts';

type Context = {
	readonly machine: Machine;
	readonly image: ImageUnderTest;
	readonly guest: Guest | undefined;
	readonly deadline: Deadline;
	/** Rows that were selected; what a scenario says of others is left out. */
	readonly selected: ReadonlySet<string>;
	readonly emit: (event: RunEvent) => void;
	/** Takes a file for the artifacts of the run. */
	readonly keep: ScenarioContext['keep'];
	/** Resolves when nothing else runs on the host; at once where nothing does anyway. */
	readonly alone?: (() => Promise<void>) | undefined;
	/** Multiplies what one scenario may take. */
	readonly timeoutScale?: number;
	/** What was really behind an error of a port or the monitor. */
	readonly explain?: (error: unknown) => Promise<unknown>;
};

/**
 * Runs one scenario and sees to it that each of its selected rows is judged exactly once.
 * Whatever it throws is blamed: the guest's fault fails the rows still open, anything else is an `error` of the harness.
 * @throws InterruptedError, GuestError (the guest is gone: nothing after it can be observed) and the overall DeadlineError, after the rows are settled
 */
export const runScenario = async (scenario: Scenario, context: Context): Promise<void> => {
	const {emit, machine, image, explain, timeoutScale = 1} = context;
	const startedAt = monotonicMs();
	const budgetMs = scenario.unhurried === true ? Infinity : scenarioMs * timeoutScale;
	using deadline = context.deadline.within(scenario.id, budgetMs);
	const guest = context.guest?.within(deadline);
	const judged = new Map<string, Judgement>();
	const settle = (id: string, judgement: Judgement): void => {
		judged.set(id, judgement);
		if (context.selected.has(id)) {
			emit({type: 'requirement-judged', at: wallClockMs(), id, scenario: scenario.id, judgement});
		}
	};

	let waitedMs = 0;
	const alone = async (): Promise<void> => {
		if (scenario.alone !== true) {
			throw new HarnessBug(`scenario ${scenario.id} asked for the host for itself without saying so (alone)`);
		}

		// The others' time is not its own.
		using _pause = deadline.pause();
		const from = monotonicMs();
		await abortable(context.alone?.() ?? Promise.resolve(), deadline.signal);
		waitedMs += monotonicMs() - from;
	};

	emit({type: 'scenario-started', at: wallClockMs(), scenario: scenario.id, title: scenario.title});
	let thrown: unknown;
	try {
		const shared = {
			machine,
			image,
			deadline,
			selected: (id: string) => context.selected.has(id),
			measured: (measurement: Measurement) =>
				emit({type: 'measured', at: wallClockMs(), scenario: scenario.id, measurement}),
			keep: context.keep,
			alone,
			note: (text: string) => emit({type: 'note', at: wallClockMs(), text}),
			judge: (id: string, judgement: Judgement | readonly unknown[]) => {
				if (judged.has(id)) {
					throw new Error(`scenario ${scenario.id} judged ${id} twice`);
				}

				if (!(scenario.proves as readonly string[]).includes(id)) {
					throw new Error(`scenario ${scenario.id} judged ${id}, which it does not prove`);
				}

				settle(
					id,
					isJudgement(judgement) ? judgement : judgeEvidence(judgement as Parameters<typeof judgeEvidence>[0]),
				);
			},
		};
		if (!scenario.needsGuest) {
			await scenario.run({...shared, guest});
			// eslint-disable-next-line unicorn/no-duplicate-if-branches -- the same words, another type: here the guest is there for sure
		} else if (guest !== undefined) {
			await scenario.run({...shared, guest});
		}
	} catch (error) {
		thrown = explain === undefined ? error : await explain(error);
	}

	const isRunOver = context.deadline.signal.aborted;
	for (const id of scenario.proves) {
		if (!judged.has(id)) {
			settle(id, openRow(scenario, {thrown, guest, isRunOver}));
		}
	}

	const verdict = worst(
		[...judged].filter(([id]) => context.selected.has(id)).map(([, judgement]) => judgement.verdict),
	);
	emit({
		type: 'scenario-finished',
		at: wallClockMs(),
		scenario: scenario.id,
		verdict,
		durationMs: monotonicMs() - startedAt - waitedMs,
	});
	if (thrown instanceof InterruptedError || thrown instanceof GuestError || (thrown !== undefined && isRunOver)) {
		throw thrown instanceof Error
			? thrown
			: new HarnessBug(`scenario ${scenario.id} threw something that is no error`, {cause: thrown});
	}
};

const isJudgement = (value: Judgement | readonly unknown[]): value is Judgement => !Array.isArray(value);

/** The verdict of a row that the scenario left open. */
const openRow = (
	scenario: Scenario,
	{thrown, guest, isRunOver}: {thrown: unknown; guest: Guest | undefined; isRunOver: boolean},
): Judgement => {
	if (thrown === undefined) {
		return scenario.needsGuest && guest === undefined
			? {verdict: 'skip', reason: 'nobody got into the guest', evidence: []}
			: {verdict: 'error', reason: `scenario ${scenario.id} ended without judging this row`, evidence: []};
	}

	if (thrown instanceof GuestError) {
		return {verdict: 'fail', reason: thrown.message, evidence: [], fix: thrown.hint};
	}

	if (thrown instanceof InterruptedError) {
		return {verdict: 'skip', reason: 'the run was interrupted before this row was seen', evidence: []};
	}

	// The time of the whole run was up, which says nothing about the row: the run tells of it, with a code of its own.
	if (thrown instanceof DeadlineError && isRunOver) {
		return {verdict: 'skip', reason: `the run ended before this could be seen (${thrown.message})`, evidence: []};
	}

	return {
		verdict: thrown instanceof UnobservableError ? 'skip' : 'error',
		reason: messageOf(thrown),
		evidence: [],
		fix: thrown instanceof BootwrightError ? thrown.hint : undefined,
	};
};

const severity = ['pass', 'skip', 'warn', 'fail', 'error'] as const satisfies readonly Verdict[];

/** The verdict of a scenario: its worst row's, `skip` where it has none. */
const worst = (given: readonly Verdict[]): Verdict =>
	given.length === 0 ? 'skip' : (severity.findLast((verdict) => given.includes(verdict)) ?? 'pass');
