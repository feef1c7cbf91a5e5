import test from 'ava';
import {cutState, logsGone, nothingSaid, notBelieved, stateGone} from '../e2e/_machines.ts';

for (const [what, damage] of [
	['a state that was cut off', cutState],
	['no state', stateGone],
	['no logs of its boot', logsGone],
	['nothing said about it', nothingSaid],
] as const) {
	test.serial(`a machine with ${what} is not believed: it is booted anew`, async (t) => {
		t.timeout(300_000);
		await notBelieved(t, damage);
	});
}
