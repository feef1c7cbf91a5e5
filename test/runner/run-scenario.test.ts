import test from 'ava';
import {Deadline} from '../../harness/core/deadline.ts';
import {pollPause} from '../../harness/core/clock.ts';
import {DeadlineError, GuestError, HostError, InterruptedError, UnobservableError} from '../../harness/core/errors.ts';
import {type RunEvent} from '../../harness/core/events.ts';
import {equal} from '../../harness/core/verdict.ts';
import {type Guest} from '../../harness/machine/guest.ts';
import {
	type ImageUnderTest,
	type Machine,
	type Scenario,
	type ScenarioContext,
	scenario,
} from '../../harness/machine/scenario.ts';
import {runScenario} from '../../harness/runner/run-scenario.ts';

const machine = {} as Machine;
const image = {} as ImageUnderTest;
const guest: Guest = {
	shellPort: 'ttyS1',
	disposable: false,
	run: async () => {
		throw new Error('no command is expected');
	},
	readAll: async () => new Map(),
	read: async () => undefined,
	facts: async () => {
		throw new Error('nobody asks');
	},
	toolbox: async () => ({kind: 'unavailable', reason: 'nobody asks'}),
	tool: async () => {
		throw new Error('nobody asks');
	},
	within: () => guest,
};

const proves = ['hw.scsi.spc4', 'hw.scsi.sbc3'] as const;
const good = equal('guest', 'ANSI version', {expected: 6, observed: 6});
const bad = equal('guest', 'ANSI version', {expected: 6, observed: 5});

const made = (run: (context: ScenarioContext) => void | Promise<void>): Scenario =>
	scenario({id: 'scsi', title: 'SCSI', proves: [...proves], needsGuest: true, run});

type Options = {
	readonly guest?: Guest | undefined;
	readonly selected?: readonly string[];
	readonly explain?: (error: unknown) => Promise<unknown>;
	readonly alone?: () => Promise<void>;
	/** Of the whole run. */
	readonly budgetMs?: number;
	readonly signal?: AbortSignal;
};

/** Runs it and gives back the verdict and the reason of each row, the scenario's own verdict, and what was thrown. */
const outcome = async (one: Scenario, options: Options = {}) => {
	const events: RunEvent[] = [];
	using deadline = new Deadline({phase: 'run', budgetMs: options.budgetMs ?? 60_000, signal: options.signal});
	let thrown: unknown;
	try {
		await runScenario(one, {
			machine,
			image,
			guest: 'guest' in options ? options.guest : guest,
			deadline,
			keep: async () => undefined,
			selected: new Set(options.selected ?? proves),
			emit: (event) => void events.push(event),
			...(options.explain && {explain: options.explain}),
			alone: options.alone,
		});
	} catch (error) {
		thrown = error;
	}

	return {
		rows: events
			.filter((event) => event.type === 'requirement-judged')
			.map(({id, judgement}) => `${id} ${judgement.verdict}: ${judgement.reason}`),
		verdict: events.findLast((event) => event.type === 'scenario-finished')?.verdict,
		durationMs: events.findLast((event) => event.type === 'scenario-finished')?.durationMs,
		title: events.find((event) => event.type === 'scenario-started')?.title,
		thrown,
	};
};

test('evidence decides: all of it holds, or the row fails', async (t) => {
	const {rows, verdict, thrown, title} = await outcome(
		made(({judge}) => {
			judge('hw.scsi.spc4', [good]);
			judge('hw.scsi.sbc3', [good, bad]);
		}),
	);
	t.deepEqual(rows, [
		'hw.scsi.spc4 pass: 1 observation as required',
		'hw.scsi.sbc3 fail: ANSI version is 5, required 6 (guest)',
	]);
	t.is(verdict, 'fail');
	t.is(title, 'SCSI');
	t.is(thrown, undefined);
});

test('when the time of the run is up, the rows of the scenario were not seen, and nobody is blamed', async (t) => {
	const {rows, thrown} = await outcome(
		made(async ({judge, deadline}) => {
			judge('hw.scsi.spc4', [good]);
			await pollPause(60_000, deadline.signal);
		}),
		{budgetMs: 50},
	);
	t.is(rows[0], 'hw.scsi.spc4 pass: 1 observation as required');
	t.regex(rows[1] ?? '', /^hw\.scsi\.sbc3 skip: the run ended before this could be seen \(/);
	t.true(thrown instanceof DeadlineError);
});

test('no evidence is never a pass', async (t) => {
	const {rows} = await outcome(
		made(({judge}) => {
			judge('hw.scsi.spc4', []);
			judge('hw.scsi.sbc3', [good]);
		}),
	);
	t.is(rows[0], 'hw.scsi.spc4 error: nothing was observed');
});

test('a row that the scenario forgets is an error', async (t) => {
	const {rows, verdict} = await outcome(made(({judge}) => judge('hw.scsi.spc4', [good])));
	t.is(rows[1], 'hw.scsi.sbc3 error: scenario scsi ended without judging this row');
	t.is(verdict, 'error');
});

test('judging a row twice, or one that is not its own, is a fault of the scenario', async (t) => {
	const twice = await outcome(
		made(({judge}) => {
			judge('hw.scsi.spc4', [good]);
			judge('hw.scsi.spc4', [bad]);
		}),
	);
	t.deepEqual(twice.rows, [
		'hw.scsi.spc4 pass: 1 observation as required',
		'hw.scsi.sbc3 error: scenario scsi judged hw.scsi.spc4 twice',
	]);
	const foreign = await outcome(made(({judge}) => judge('hw.net.tso4', [good])));
	t.is(foreign.rows[0], 'hw.scsi.spc4 error: scenario scsi judged hw.net.tso4, which it does not prove');
});

test('rows that were not selected are absent', async (t) => {
	const {rows} = await outcome(
		made(({judge}) => {
			judge('hw.scsi.spc4', [good]);
			judge('hw.scsi.sbc3', [bad]);
		}),
		{selected: ['hw.scsi.spc4']},
	);
	t.deepEqual(rows, ['hw.scsi.spc4 pass: 1 observation as required']);
});

test('nobody got in: the rows are skipped', async (t) => {
	const {rows, verdict} = await outcome(
		made(() => t.fail('it must not run')),
		{guest: undefined},
	);
	t.deepEqual(rows, ['hw.scsi.spc4 skip: nobody got into the guest', 'hw.scsi.sbc3 skip: nobody got into the guest']);
	t.is(verdict, 'skip');
});

test('what cannot be observed is a skip, with the way to mend it', async (t) => {
	const {rows, verdict, thrown} = await outcome(
		made(({judge}) => {
			judge('hw.scsi.spc4', [good]);
			throw new UnobservableError('ip could not be brought into the guest', {hint: 'more memory'});
		}),
	);
	t.deepEqual(rows, [
		'hw.scsi.spc4 pass: 1 observation as required',
		'hw.scsi.sbc3 skip: ip could not be brought into the guest',
	]);
	t.is(verdict, 'skip');
	t.is(thrown, undefined);
});

test('what a scenario throws is blamed: the guest fails the open rows, the host never does', async (t) => {
	const dead = new GuestError('panic', 'The kernel panicked');
	const guestFault = await outcome(
		made(async () => {
			throw dead;
		}),
	);
	t.deepEqual(guestFault.rows, ['hw.scsi.spc4 fail: The kernel panicked', 'hw.scsi.sbc3 fail: The kernel panicked']);
	t.is(guestFault.thrown, dead);
	const hostFault = await outcome(
		made(async () => {
			throw new HostError('QEMU refused it');
		}),
	);
	t.is(hostFault.rows[0], 'hw.scsi.spc4 error: QEMU refused it');
	t.is(hostFault.thrown, undefined);
	const interrupted = new InterruptedError('SIGINT');
	const signal = await outcome(
		made(async () => {
			throw interrupted;
		}),
	);
	t.is(signal.rows[0], 'hw.scsi.spc4 skip: the run was interrupted before this row was seen');
	t.is(signal.thrown, interrupted);
});

test('a closed port is explained by what closed it', async (t) => {
	const dead = new GuestError('powered-off', 'The guest powered the machine off');
	const {rows, thrown} = await outcome(
		made(async () => {
			throw new HostError('ttyS1 was closed');
		}),
		{explain: async () => dead},
	);
	t.is(rows[0], 'hw.scsi.spc4 fail: The guest powered the machine off');
	t.is(thrown, dead);
});

test('waiting to be alone counts neither for what it took nor for its deadline', async (t) => {
	let spentMs = Infinity;
	const waits = made(async ({alone, deadline, judge}) => {
		const before = deadline.remainingMs;
		await alone();
		spentMs = before - deadline.remainingMs;
		judge('hw.scsi.spc4', [good]);
		judge('hw.scsi.sbc3', [good]);
	});
	const {verdict, durationMs} = await outcome({...waits, alone: true}, {alone: async () => pollPause(300)});
	t.is(verdict, 'pass');
	t.true(spentMs < 200);
	t.true(durationMs !== undefined && durationMs < 200);
});

test('a run that is interrupted does not wait for a turn that never comes', async (t) => {
	const signal = AbortSignal.abort(new InterruptedError('SIGINT'));
	const never = {alone: async () => new Promise<void>(() => undefined), signal};
	const {rows} = await outcome({...made(async ({alone}) => alone()), alone: true}, never);
	t.is(rows[0], 'hw.scsi.spc4 skip: the run was interrupted before this row was seen');
});

test('a scenario that never said that it measures does not get the host for itself', async (t) => {
	const {rows} = await outcome(made(async ({alone}) => alone()));
	t.regex(rows[0] ?? '', /^hw\.scsi\.spc4 error: .*asked for the host for itself without saying so/v);
});
