import test from 'ava';
import {Deadline} from '../../../harness/core/deadline.ts';
import {bringTools} from '../../../harness/machine/toolbox/bring-tools.ts';

test('a kernel that no tools are there for gets no disk', async (t) => {
	using deadline = new Deadline({phase: 'scenarios', budgetMs: 10_000});
	const touched = async (): Promise<never> => {
		throw new Error('the machine was touched');
	};
	const machine = {plugDisk: touched};
	const visit = await bringTools({
		guest: {run: touched},
		architecture: 'aarch64',
		machine,
		deadline,
		patienceMs: 1,
	});
	t.deepEqual(visit, {
		kind: 'unavailable',
		reason: 'there are no tools for a kernel that calls its machine aarch64',
		hint: undefined,
	});
});
