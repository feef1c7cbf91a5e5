import {setImmediate as turn} from 'node:timers/promises';
import test from 'ava';
import {type Job, takeTurns} from '../../../harness/runner/clones/take-turns.ts';

/** Jobs that tell when they begin, are alone and end; each step takes some turns of the event loop. */
const telling = () => {
	const said: string[] = [];
	const running = new Set<string>();
	let most = 0;
	const work = async (name: string): Promise<void> => {
		running.add(name);
		most = Math.max(most, running.size);
		for (let step = 0; step < 3; step++) {
			await turn();
		}

		running.delete(name);
	};

	const plain =
		(name: string): Job =>
		async () => {
			said.push(name);
			await work(name);
			said.push(`${name} ends`);
		};

	const measuring =
		(name: string): Job =>
		async (alone) => {
			said.push(name);
			await work(name);
			await alone();
			said.push(`${name} alone beside ${running.size}`);
			await work(name);
			// Asking twice changes nothing.
			await alone();
			said.push(`${name} ends`);
		};

	return {said, work, plain, measuring, most: () => most};
};

test('as many at once as there is room for, in their order', async (t) => {
	const {said, plain, most} = telling();
	await takeTurns([plain('a'), plain('b'), plain('c')], {busy: 2, held: 2});
	t.is(most(), 2);
	t.is(said.filter((word) => !word.includes('ends')).join(' '), 'a b c');
	t.is(said.slice(0, 2).join(' '), 'a b');
});

test('one that waits to be alone makes room, and is alone when all others are over or wait', async (t) => {
	const {said, plain, measuring} = telling();
	await takeTurns([measuring('m'), measuring('n'), plain('a'), plain('b')], {busy: 1, held: 9});
	t.is(said.join(', '), 'm, n, a, a ends, b, b ends, m alone beside 0, m ends, n alone beside 0, n ends');
});

test('where memory holds no more, those that wait have their turn before the next one begins', async (t) => {
	const {said, plain, measuring} = telling();
	await takeTurns([measuring('m'), measuring('n'), plain('a')], {busy: 2, held: 2});
	t.is(said.join(', '), 'm, n, m alone beside 0, m ends, a, a ends, n alone beside 0, n ends');
	const one = telling();
	await takeTurns([one.measuring('m'), one.plain('a')], {busy: 1, held: 1});
	t.is(one.said.join(', '), 'm, m alone beside 0, m ends, a, a ends');
});

test('one that gives up waiting is nobody’s burden', async (t) => {
	const {said, plain, measuring} = telling();
	const givesUp: Job = async (alone) => {
		await Promise.race([alone(), turn()]);
		said.push('gave up');
	};
	await takeTurns([plain('a'), givesUp, measuring('m'), plain('b')], {busy: 2, held: 4});
	t.true(said.includes('gave up'));
	t.is(said.slice(-2).join(', '), 'm alone beside 0, m ends');
	const one = telling();
	await takeTurns([givesUp, one.plain('a'), one.plain('b'), one.plain('c')], {busy: 1, held: 4});
	t.is(one.most(), 1);
});

test('whoever gives up waiting lets nobody in beside the one that is alone', async (t) => {
	const {said, work, plain, measuring} = telling();
	const givesUp: Job = async (alone) => {
		await work('g');
		await turn();
		await Promise.race([alone(), turn()]);
		said.push('gave up');
	};
	await takeTurns([measuring('m'), givesUp, plain('a')], {busy: 2, held: 2});
	t.is(said.join(', '), 'm, m alone beside 0, gave up, m ends, a, a ends');
});

test('after an error none is begun, and those that had begun are over before it is thrown', async (t) => {
	const {said, plain, measuring} = telling();
	const fails: Job = async () => {
		await turn();
		throw new Error('no memory');
	};
	await t.throwsAsync(takeTurns([plain('a'), measuring('m'), fails, plain('b')], {busy: 3, held: 3}), {
		message: 'no memory',
	});
	t.is(said.join(', '), 'a, m, a ends, m alone beside 0, m ends');
	await t.notThrowsAsync(takeTurns([], {busy: 1, held: 1}));
});
