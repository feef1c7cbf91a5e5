import test from 'ava';
import {requirementIds} from '../../../harness/core/requirements/ids.ts';
import {loadProfile} from '../../../harness/profile/load.ts';
import {loadMutants} from '../../../harness/runner/mutants/load-mutants.ts';

const mutants = await loadMutants();

test('ids are unique', (t) => {
	const ids = mutants.map(({id}) => id);
	t.deepEqual(ids, [...new Set(ids)]);
});

test('every row has a mutant that fails it', (t) => {
	const caught = new Set(mutants.flatMap(({fails}) => fails));
	const uncaught = requirementIds.filter((id) => !caught.has(id));
	t.deepEqual(uncaught, []);
});

test('every machine is a valid profile', async (t) => {
	for (const mutant of mutants) {
		if (mutant.kind === 'machine') {
			await t.notThrowsAsync(loadProfile('gce', {overrides: mutant.overrides}), mutant.id);
		}
	}
});

test('there are changes that must not matter, of every kind', (t) => {
	const harmless = mutants.filter(({fails}) => fails.length === 0).map(({kind}) => kind);
	t.deepEqual(
		['config', 'guest', 'machine'].filter((kind) => harmless.every((one) => !(one === kind))),
		[],
	);
});
