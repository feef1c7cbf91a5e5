import {readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {type Cell, deal, makeCells, makeSpeeds, playNight} from './night.ts';

const cells = (...seconds: readonly number[]): readonly Cell[] =>
	seconds.map((takesS) => ({expectedS: takesS, takesS}));

const two = {speeds: [1, 1]};

test('shards by turns, longest first, and a queue', (t) => {
	const night = cells(6, 1, 5, 1, 4, 1);
	t.is(playNight(deal(night, {shards: 2, by: 'turns'}), two).makespanS, 15);
	for (const shards of [2, 6]) {
		t.deepEqual(playNight(deal(night, {shards, by: 'longest-first'}), two), {makespanS: 9, utilisation: 1, done: 6});
	}
});

test('a cell that takes longer than expected holds up its shard, not the queue', (t) => {
	const night = [{expectedS: 4, takesS: 12}, ...cells(4, 4, 4)];
	t.is(playNight(deal(night, {shards: 2, by: 'longest-first'}), two).makespanS, 16);
	t.is(playNight(deal(night, {shards: 4, by: 'longest-first'}), two).makespanS, 12);
});

test('a slow worker takes fewer of many shards', (t) => {
	const night = cells(1, 1, 1, 1, 1, 1, 1, 1);
	const speeds = [1, 1 / 3];
	t.is(playNight(deal(night, {shards: 2, by: 'turns'}), {speeds}).makespanS, 12);
	t.is(playNight(deal(night, {shards: 8, by: 'turns'}), {speeds}).makespanS, 6);
});

test('nothing is lost with a worker', (t) => {
	const shards = deal(cells(3, 3, 3, 3), {shards: 2, by: 'turns'});
	// At 4 the first is in its second cell; the other takes that one up when it is done with its own, at 6.
	t.deepEqual(playNight(shards, {...two, loss: {atS: 4}}), {makespanS: 9, utilisation: 12 / 18, done: 4});
	t.is(playNight(shards, {...two, loss: {atS: 4, spareAfterS: 1}}).makespanS, 8);
});

test('the same seed, the same night', (t) => {
	const options = {
		count: 1000,
		kinds: [
			{share: 0.5, seconds: 60},
			{share: 0.5, seconds: 10},
		],
		spread: 0.2,
		hangs: {share: 0.01, seconds: 900},
		seed: 7,
	};
	const night = makeCells(options);
	t.deepEqual(makeCells(options), night);
	t.notDeepEqual(makeCells({...options, seed: 8}), night);
	const share = (seconds: number): number => night.filter(({expectedS}) => expectedS === seconds).length / 1000;
	t.true(Math.abs(share(60) - 0.5) < 0.05);
	const hung = night.filter(({takesS}) => takesS === 900).length;
	t.true(hung >= 5 && hung <= 15);
	const speeds = makeSpeeds(10, {spread: 0.1, seed: 1});
	t.true(speeds.every((speed) => speed > 0.6 && speed < 1.6));
	for (const shards of [10, 80, 1000]) {
		const {makespanS, utilisation, done} = playNight(deal(night, {shards, by: 'longest-first'}), {speeds});
		t.is(done, 1000);
		t.true(utilisation <= 1 && makespanS >= 900 / Math.max(...speeds));
	}
});

test('docs/scale.md shows what the simulation says', async (t) => {
	const {stdout} = await execa(process.execPath, [path.join(import.meta.dirname, 'simulate-night.ts')]);
	const page = await readFile(new URL('../../docs/scale.md', import.meta.url), 'utf8');
	t.true(page.includes(stdout), stdout);
});
