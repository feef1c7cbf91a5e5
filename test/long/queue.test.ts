import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {pollPause} from '../../harness/core/clock.ts';
import {type Place, bootwright, leftBehind, openPlace} from '../e2e/_program.ts';
import {makeGate, makeImages, start, startWorker} from '../e2e/_queue.ts';
import {openTestServer} from '../matrix/queue/_server.ts';

const matrixOf = async ({directory}: Place, names: readonly string[]): Promise<void> => {
	await makeImages(directory, names);
	await writeFile(path.join(directory, 'matrix.yaml'), `images: [${names.map((name) => `${name}.raw`).join(', ')}]\n`);
};

const args = ['matrix', 'matrix.yaml', '--artifacts', 'night'];

test.serial(
	'a worker that stood still comes back to a cell that another one has taken over: it counts once',
	async (t) => {
		t.timeout(120_000);
		await using place = await openPlace();
		await using server = await openTestServer(place.directory);
		const gate = await makeGate(place);
		await matrixOf(place, ['a', 'b']);
		const common = {url: server.url, args: ['--lost-after', '2'], env: gate.env};
		const one = await startWorker(place, {name: 'one', ...common});
		await gate.close();
		const matrix = start(place, [...args, '--queue', server.url, '--json', 'night.json']);
		await one.line(/^a\..* begins$/v);
		one.kill('SIGSTOP');
		await gate.open();
		const two = await startWorker(place, {name: 'two', ...common});
		await two.line(/^b\..* ended with 3$/v);
		await gate.close();
		await two.line(/^a\..* begins$/v);
		// Its own process of the cell went on all the time; whether that is over, or is ended now, is a matter of luck.
		one.kill('SIGCONT');
		await one.line(/^a\..* (?:ended with 3|was stopped: another worker is at it)$/v);
		await gate.open();
		t.is((await matrix.ended).exitCode, 3);

		const before = await readFile(path.join(place.directory, 'night.json'), 'utf8');
		const again = await bootwright([...args, '--queue', server.url, '--json', 'again.json'], {
			env: place.env,
			cwd: place.directory,
		});
		t.is(again.exitCode, 3);
		t.is(await readFile(path.join(place.directory, 'again.json'), 'utf8'), before);
		for (const worker of [one, two]) {
			worker.kill('SIGINT');
			t.is((await worker.ended).exitCode, 130);
		}
	},
);

test.serial(
	'a cell that a worker is at is not begun by another one, though the server has forgotten both',
	async (t) => {
		t.timeout(120_000);
		await using place = await openPlace();
		await using server = await openTestServer(place.directory);
		const gate = await makeGate(place);
		await matrixOf(place, ['a']);
		const one = await startWorker(place, {name: 'one', url: server.url, env: gate.env});
		const two = await startWorker(place, {name: 'two', url: server.url, env: gate.env});
		await gate.close();
		const matrix = start(place, [...args, '--queue', server.url]);
		await Promise.race([one.line(/^a\..* begins$/v), two.line(/^a\..* begins$/v)]);
		await server.kill();
		await server.forget();
		await server.start();
		await matrix.line(/ is back$/v);
		// The matrix puts it into the queue again after 3 s, and it is taken within another second.
		await pollPause(8000);
		await gate.open();
		t.is((await matrix.ended).exitCode, 3);
		const lines = [...one.lines, ...two.lines];
		t.is(lines.filter((line) => line.endsWith(' begins')).length, 1, lines.join('\n'));
		for (const worker of [one, two]) {
			worker.kill('SIGINT');
			t.is((await worker.ended).exitCode, 130);
		}
	},
);

test.serial(
	'a worker that is interrupted gives its cell back; a matrix that is killed takes up what was done meanwhile',
	async (t) => {
		t.timeout(120_000);
		await using place = await openPlace();
		await using server = await openTestServer(place.directory);
		const gate = await makeGate(place);
		await matrixOf(place, ['a', 'b', 'c']);
		const one = await startWorker(place, {name: 'one', url: server.url, env: gate.env});
		await gate.close();
		const killed = start(place, [...args, '--queue', server.url]);
		await one.line(/^a\..* begins$/v);
		killed.kill('SIGKILL');
		await killed.ended;
		one.kill('SIGINT');
		t.is((await one.ended).exitCode, 130);
		t.true(one.lines.includes('a.gce.auto.all was stopped and is given back'), one.lines.join('\n'));
		await gate.open();

		// Long before the first one could be thought lost.
		const two = await startWorker(place, {name: 'two', url: server.url, env: gate.env});
		await two.line(/ ended with 3$/v, 3);
		const matrix = start(place, [...args, '--queue', server.url]);
		t.is((await matrix.ended).exitCode, 3);
		t.is(two.lines.filter((line) => line.endsWith(' begins')).length, 3, two.lines.join('\n'));
		two.kill('SIGINT');
		await two.ended;
		await server.kill();
		t.deepEqual(await leftBehind(place), []);
	},
);

test.serial('a server that stays away ends matrix and worker with 4; the same commands lose nothing', async (t) => {
	t.timeout(120_000);
	await using place = await openPlace();
	await using server = await openTestServer(place.directory);
	const gate = await makeGate(place);
	await matrixOf(place, ['a', 'b']);
	const wait = ['--queue-wait', '2'];
	const one = await startWorker(place, {name: 'one', url: server.url, args: wait, env: gate.env});
	const first = start(place, [...args, '--queue', server.url, ...wait]);
	await one.line(/^a\..* ended with 3$/v);
	await gate.close();
	await one.line(/^b\..* begins$/v);
	await server.kill();
	const [matrix, worker] = await Promise.all([first.ended, one.ended]);
	const words =
		/^bootwright: The queue redis:\/\/127\.0\.0\.1:\d+ was away for 2\.0 s: connect ECONNREFUSED [\d.:]+\n {2}What was finished is kept\. Start the server, and give the same command again\.$/mv;
	for (const {exitCode, stderr} of [matrix, worker]) {
		t.is(exitCode, 4);
		t.regex(stderr, words);
	}

	await gate.open();
	await server.forget();
	await server.start();
	const two = await startWorker(place, {name: 'one', url: server.url, env: gate.env});
	const second = start(place, [...args, '--queue', server.url]);
	t.is((await second.ended).exitCode, 3);
	t.deepEqual(
		two.lines.filter((line) => line.endsWith(' begins')),
		['b.gce.auto.all begins'],
	);
	two.kill('SIGINT');
	await two.ended;
	await server.kill();
	t.deepEqual(await leftBehind(place), []);
});

test.serial('a machine that really boots, by a worker: the rows of a local run', async (t) => {
	t.timeout(300_000);
	await using place = await openPlace();
	await using server = await openTestServer(place.directory);
	await writeFile(
		path.join(place.directory, 'matrix.yaml'),
		'images: [ref:probe]\nsets: [{name: pci, only: [hw.pci.*]}]\n',
	);
	const options = {env: place.env, cwd: place.directory};
	const local = await bootwright(['matrix', 'matrix.yaml', '--artifacts', 'local', '--json', 'local.json'], options);
	t.is(local.exitCode, 0, local.stdout);
	const worker = await startWorker(place, {name: 'one', url: server.url});
	const matrix = start(place, [...args, '--queue', server.url, '--json', 'night.json']);
	t.is((await matrix.ended).exitCode, 0, matrix.lines.join('\n'));
	const cellsIn = async (name: string): Promise<unknown> =>
		JSON.parse(await readFile(path.join(place.directory, name), 'utf8'), (key, value: unknown) =>
			['startedAt', 'durationMs', 'run'].includes(key) ? undefined : value,
		) as unknown;
	t.deepEqual(await cellsIn('night.json'), await cellsIn('local.json'));
	worker.kill('SIGINT');
	await worker.ended;
	await server.kill();
	t.deepEqual(await leftBehind(place), []);
});
