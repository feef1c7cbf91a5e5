import path from 'node:path';
import test from 'ava';
import {loadScenarios} from '../../harness/runner/load-scenarios.ts';
import {select} from '../../harness/runner/select.ts';
import {type Judgement} from '../../harness/core/verdict.ts';
import {fakeGuest} from '../machine/_fake-guest.ts';
import {run} from '../scenarios/_run.ts';
import {examples} from './_stub.ts';

const scenarios = await loadScenarios([path.join(examples, 'own-scenario/no-swap.ts')]);

const judge = async (count: string): Promise<Judgement | undefined> => {
	const scenario = scenarios.find(({id}) => id === 'no-swap')!;
	const guest = fakeGuest({answers: {"grep -c '^/' /proc/swaps || true": count}});
	return (await run(scenario, {guest, selected: new Set(['custom.no-swap'])})).rows['custom.no-swap'];
};

test('it stands beside those of the project, and can be selected', (t) => {
	t.deepEqual(select(scenarios, {only: ['custom.no-swap'], skip: []}).requirements, ['custom.no-swap']);
});

test('no swap passes', async (t) => {
	t.is((await judge('0\n'))?.verdict, 'pass');
	// A kernel without swap: grep says nothing but that there is no such file.
	t.is((await judge(''))?.verdict, 'pass');
});

test('a swap area fails', async (t) => {
	t.like(await judge('1\n'), {verdict: 'fail', reason: 'swap areas in use is 1, required 0 (guest)'});
});
