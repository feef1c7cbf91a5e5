import test from 'ava';
import {type GuestError} from '../../harness/core/errors.ts';
import {type ConsoleProblem} from '../../harness/core/events.ts';
import {GuestWatch} from '../../harness/machine/watch.ts';

const problem = (kind: string, severity: ConsoleProblem['severity'] = 'fatal'): ConsoleProblem => ({
	kind,
	severity,
	port: 'ttyS0',
	line: 'the line',
	offset: 0,
});

const open = (options: {readonly timeoutScale?: number; readonly requests?: () => Promise<number>} = {}) => {
	const phases: string[] = [];
	const watch = new GuestWatch({
		timeoutScale: 1,
		requests: async () => 0,
		onPhase: (phase) => void phases.push(phase),
		lastSeen: () => 'Last line on ttyS0: "x".',
		...options,
	});
	const death = (): GuestError | undefined => watch.dead.reason as GuestError | undefined;
	return {watch, phases, death};
};

test('phases are told once, in order, and never backwards', (t) => {
	const {watch, phases} = open();
	using _ = watch;
	for (const phase of ['firmware', 'kernel', 'bootloader', 'kernel', 'userspace'] as const) {
		watch.sawPhase(phase);
	}

	t.deepEqual(phases, ['firmware', 'kernel', 'userspace']);
	t.is(watch.kernelStarts, 2);
	t.false(watch.dead.aborted);
});

test('the third start of the kernel is a boot loop, but not when somebody is in', (t) => {
	const {watch, death} = open();
	using _ = watch;
	for (let start = 0; start < 3; start++) {
		t.false(watch.dead.aborted);
		watch.sawPhase('kernel');
	}

	t.is(death()?.failure, 'boot-loop');
	const inside = open();
	using _inside = inside.watch;
	inside.watch.sawPhase('access');
	for (let start = 0; start < 4; start++) {
		inside.watch.sawPhase('kernel');
	}

	t.false(inside.watch.dead.aborted);
});

test('a kernel that logs on several ports starts once on each of them', (t) => {
	const {watch} = open();
	using _ = watch;
	for (const port of ['ttyS0', 'ttyS1', 'ttyS2', 'ttyS0', 'ttyS1', 'ttyS2'] as const) {
		watch.sawPhase('kernel', port);
	}

	t.is(watch.kernelStarts, 2);
	t.false(watch.dead.aborted);
	watch.sawPhase('kernel', 'ttyS1');
	t.true(watch.dead.aborted);
});

test('a fatal problem is the end at once, with the line, the phase and a hint', (t) => {
	const {watch, death} = open();
	using _ = watch;
	watch.sawPhase('kernel');
	watch.sawProblem(problem('oops', 'error'));
	t.false(watch.dead.aborted);
	watch.sawProblem(problem('root-mount'));
	t.is(death()?.failure, 'panic');
	t.regex(
		death()?.message ?? '',
		/^The kernel could not mount its root file system on ttyS0: "the line" \(phase "kernel", \d\.\d s after the start\)\. Last line on ttyS0: "x"\.$/,
	);
	t.truthy(death()?.hint);
});

test('the first evidence is the one that counts', (t) => {
	const {watch, death} = open();
	using _ = watch;
	watch.sawProblem(problem('panic'));
	watch.sawPowerOff();
	t.is(death()?.failure, 'panic');
});

test('silence is a hang; disk requests are none', async (t) => {
	const silent = open({timeoutScale: 0.01});
	using _silent = silent.watch;
	let requests = 0;
	const busy = open({timeoutScale: 0.01, requests: async () => ++requests});
	using _busy = busy.watch;
	while (!silent.watch.dead.aborted) {
		await new Promise((resolve) => setImmediate(resolve));
	}

	t.is(silent.death()?.failure, 'hang');
	t.false(busy.watch.dead.aborted);
});
