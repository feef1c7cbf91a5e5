import test from 'ava';
import {type BootPhase, type RunEvent} from '../../harness/core/events.ts';
import {Progress} from '../../harness/report/progress.ts';
import {start} from './example-run.ts';

const {at} = start();

const progress = (
	events: readonly RunEvent[],
	{usual = {}, said = ''}: {usual?: Partial<Record<BootPhase, number>>; said?: string} = {},
): Progress => {
	const seen = new Progress({
		usual: () => new Map(Object.entries(usual) as ReadonlyArray<[BootPhase, number]>),
		lastLine: () => said,
	});
	for (const event of events) {
		seen.follow(event);
	}

	return seen;
};

const reached = (phase: BootPhase, ms: number): RunEvent => ({type: 'phase-reached', at: at + ms, phase, ms});

test('what is waited for, how long already, and how long it usually takes', (t) => {
	t.is(progress([]).text(at), '');
	t.is(progress([start()]).text(at + 200), 'waiting for the firmware: 0.2 s');
	const usual = {firmware: 300, bootloader: 700, kernel: 9000, userspace: 18_000, access: 20_000};
	const seen = progress([start()], {usual});
	t.is(seen.text(at + 200), 'waiting for the firmware: 0.2 s, usually 0.3 s');
	seen.follow(reached('kernel', 10_000));
	t.is(seen.text(at + 14_000), 'waiting for userspace: 4.0 s, usually 9.0 s');
	seen.follow(reached('userspace', 20_000));
	t.is(seen.text(at + 20_000), 'waiting for a root shell: 0.0 s, usually 2.0 s');
	seen.follow(reached('access', 21_000));
	t.is(seen.text(at + 22_000), 'root shell open');
});

test('nothing is said of what is usual where one end of the step is not known', (t) => {
	const seen = progress([start(), reached('kernel', 5000)], {usual: {userspace: 18_000}});
	t.is(seen.text(at + 6000), 'waiting for userspace: 1.0 s');
});

test('what the guest said last stands behind', (t) => {
	const said = '[    1.23] virtio_scsi virtio0: 1/0/0 default/read/poll queues';
	t.is(progress([start()], {said}).text(at), `waiting for the firmware: 0.0 s | ${said}`);
});

test('scenarios: how many are done, and which run; one that is tried again is done once', (t) => {
	const started = (scenario: string): RunEvent => ({type: 'scenario-started', at, scenario});
	const finished = (scenario: string): RunEvent => ({
		type: 'scenario-finished',
		at,
		scenario,
		verdict: 'fail',
		durationMs: 1,
	});
	const seen = progress([start(), reached('access', 1), started('scsi'), started('net')]);
	t.is(seen.text(at), '0 of 2 scenarios done, running: scsi, net');
	seen.follow(finished('scsi'));
	t.is(seen.text(at), '1 of 2 scenarios done, running: net');
	seen.follow(started('scsi'));
	seen.follow(finished('scsi'));
	seen.follow(finished('net'));
	t.is(seen.text(at), '2 of 2 scenarios done');
});

test('nothing while somebody types in the guest, and after the end', (t) => {
	const seen = progress([start(), {type: 'handed-over', at, port: 'ttyS1'}]);
	t.is(seen.text(at), '');
	seen.follow({type: 'taken-back', at});
	t.not(seen.text(at), '');
	seen.follow({type: 'run-finished', at, durationMs: 1, exitCode: 0});
	t.is(seen.text(at), '');
});
