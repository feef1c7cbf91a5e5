import test from 'ava';
import {pollPause} from '../../harness/core/clock.ts';
import {Deadline} from '../../harness/core/deadline.ts';
import {type DeadlineError} from '../../harness/core/errors.ts';

test('time in a pause does not count, and what is left counts after it', async (t) => {
	using run = new Deadline({phase: 'run', budgetMs: 400});
	using step = run.within('step', Infinity);
	{
		using _pause = step.pause();
		await pollPause(600);
		t.false(step.signal.aborted);
	}

	t.true(run.remainingMs > 200 && step.remainingMs > 200, `${run.remainingMs} ms, ${step.remainingMs} ms`);
	await pollPause(600);
	t.true(step.signal.aborted);
	t.is((run.signal.reason as DeadlineError).message, 'Phase "run" was not over after 0.4 s');
});
