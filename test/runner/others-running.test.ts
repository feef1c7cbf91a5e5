import os from 'node:os';
import test from 'ava';
import {execa} from 'execa';
import {pollPause} from '../../harness/core/clock.ts';
import {othersRunning} from '../../harness/runner/others-running.ts';

test('programs that want a processor are counted, and this one is not', async (t) => {
	const processors = os.availableParallelism();
	const most = await whileBusy(processors + 4, othersRunning);
	// Read a moment before it is known which threads are ours, the count may miss one or two.
	t.true(most > processors, String(most));
	// Other tests run as well, in threads and processes of their own: the least of many looks.
	const after = [];
	for (let look = 0; look < 20; look++) {
		after.push(await othersRunning());
		await pollPause(50);
	}

	t.true(Math.min(...after) < most, after.join(' '));
});

const whileBusy = async <T>(count: number, work: () => Promise<T>): Promise<T> => {
	const busy = Array.from({length: count}, () => execa('sh', ['-c', 'while :; do :; done'], {reject: false}));
	try {
		await pollPause(200);
		return await work();
	} finally {
		for (const one of busy) {
			one.kill('SIGKILL');
		}

		await Promise.all(busy);
	}
};
