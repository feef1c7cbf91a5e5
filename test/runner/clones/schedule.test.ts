import os from 'node:os';
import test from 'ava';
import {type Scenario} from '../../../harness/machine/scenario.ts';
import {copiesAtOnce, copiesInMemory, scheduleOf} from '../../../harness/runner/clones/schedule.ts';

const named = (id: string, rest: Partial<Scenario> = {}): Scenario =>
	({id, title: id, proves: [], needsGuest: false, run: () => undefined, ...rest}) as Scenario;

const ids = (scenarios: readonly Scenario[]): string => scenarios.map(({id}) => id).join(' ');

const all = [
	named('a'),
	named('b'),
	named('c'),
	named('rate', {order: 'late', alone: true}),
	named('boot', {order: 'last'}),
];

test('the last one is after all others', (t) => {
	const {together, last} = scheduleOf(all, {});
	t.is([together, last].map(ids).join(' | '), 'a b c rate | boot');
});

test('what failed last time is first, then the longest', (t) => {
	const earlier = {
		a: {ms: 100, failed: false},
		b: {ms: 10, failed: true},
		c: {ms: 3000, failed: false},
	};
	t.is(ids(scheduleOf(all, earlier).together), 'b c a rate');
});

test('no more copies at once than processors that nothing else wants, and always one', (t) => {
	const most = copiesAtOnce(0);
	t.true(most >= 1);
	t.true(most <= os.availableParallelism());
	t.true(copiesAtOnce(1) <= Math.max(1, os.availableParallelism() - 1));
	t.is(copiesAtOnce(os.availableParallelism() * 2), 1);
	t.true(copiesInMemory() >= copiesAtOnce(0));
});
