import {PassThrough} from 'node:stream';
import test from 'ava';
import {type ConsolePort} from '../../harness/console/port.ts';
import {pollPause} from '../../harness/core/clock.ts';
import {Deadline} from '../../harness/core/deadline.ts';
import {type RunEvent} from '../../harness/core/events.ts';
import {type RunningMachine} from '../../harness/machine/start.ts';
import {offerShell, whyNoShell} from '../../harness/runner/offer-shell.ts';
import {type RunPlan} from '../../harness/runner/run-plan.ts';

test('a person may look at a failed guest for longer than the run has time', async (t) => {
	const terminal = {stdin: new PassThrough(), stdout: new PassThrough()};
	const port = {
		name: 'ttyS0',
		write: async () => undefined,
		onBytes: () => ({[Symbol.dispose]: () => undefined}),
		closed: new Promise(() => undefined),
	};
	const events: RunEvent[] = [];
	using deadline = new Deadline({phase: 'run', budgetMs: 300});
	const offered = offerShell(
		{
			plan: {onFail: 'shell'} as RunPlan,
			terminal,
			deadline,
			emit: (event) => void events.push(event),
			exitCodeSoFar: () => 1,
		},
		{
			running: {ports: [port as unknown as ConsolePort]} as unknown as RunningMachine,
			opened: undefined,
			dead: undefined,
		},
	);
	await pollPause(600);
	terminal.stdin.write('\u001D');
	await pollPause(50);
	terminal.stdin.write('r');
	await offered;
	t.deepEqual(
		events.map(({type}) => type),
		['handed-over', 'taken-back'],
	);
	t.false(deadline.signal.aborted);
});

test('why no shell is offered', (t) => {
	const offers = 'No shell is offered in a guest that fails (--on-fail shell)';
	t.is(whyNoShell({}), `${offers}: standard input is no terminal`);
	t.is(whyNoShell({CI: 'true'}), `${offers}: CI is set`);
});
