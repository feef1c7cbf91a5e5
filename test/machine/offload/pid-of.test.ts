import test from 'ava';
import {HostError} from '../../../harness/core/errors.ts';
import {pidOf} from '../../../harness/machine/offload/pid-of.ts';

test('a number, and never one that means a whole group', (t) => {
	t.is(pidOf({text: '4711', stderr: 'noise'}), 4711);
	for (const text of ['', '0', '1', '-1', '12 13', 'NaN']) {
		t.throws(() => pidOf({text, stderr: 'Cannot open network namespace\nsetting the network failed\n'}), {
			instanceOf: HostError,
			message: 'A program could not be started in the guest: setting the network failed',
		});
	}
});
