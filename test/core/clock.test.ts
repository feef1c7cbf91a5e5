import test from 'ava';
import {pollPause} from '../../harness/core/clock.ts';

test('a pause that is cut short ends with the reason, not with an error of the timer’s own', async (t) => {
	const stop = new AbortController();
	const reason = new Error('interrupted');
	const pause = pollPause(10_000, stop.signal);
	stop.abort(reason);
	t.is(await t.throwsAsync(pause), reason);
	t.is(await t.throwsAsync(pollPause(10, stop.signal)), reason);
	await t.notThrowsAsync(pollPause(1));
});
