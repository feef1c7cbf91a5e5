import {cp, readFile, readdir, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {inByteOrder} from '../../harness/image/build/in-byte-order.ts';
import {bootwright, leftBehind, openPlace} from './_program.ts';
import {makeGate, makeImages, start, startWorker} from './_queue.ts';
import {certificateOf, freePort, openTestServer} from '../matrix/queue/_server.ts';

type Told = {readonly cells: ReadonlyArray<{readonly id: string; readonly state: string; readonly exitCode: number}>};

const told = async (file: string): Promise<Told> => JSON.parse(await readFile(file, 'utf8')) as Told;

const idOf = (name: string): string => `${name}.gce.auto.all`;

/** How often a line stands there, by the cell that it begins with. */
const countOf = (lines: readonly string[], end: RegExp): Readonly<Record<string, number>> =>
	Object.fromEntries(
		Map.groupBy(
			lines.filter((line) => end.test(line)).map((line) => line.replace(/\..*$/v, '')),
			(name) => name,
		)
			.entries()
			.map(([name, all]) => [name, all.length] as const),
	);

const names = ['a', 'b', 'c', 'd', 'e', 'f'];

test.serial(
	'a worker that is killed, and a server that is restarted and then loses all, lose no cell and no result',
	async (t) => {
		t.timeout(120_000);
		await using place = await openPlace();
		await using server = await openTestServer(place.directory);
		const gate = await makeGate(place);
		await makeImages(place.directory, names);
		await writeFile(
			path.join(place.directory, 'matrix.yaml'),
			`images: [${names.map((name) => `${name}.raw`).join(', ')}]\n`,
		);
		const json = path.join(place.directory, 'night.json');
		const workers = await Promise.all(
			['one', 'two', 'three'].map(async (name) =>
				startWorker(place, {name, url: server.url, args: ['--lost-after', '2'], env: gate.env}),
			),
		);
		const [killed, ...others] = workers;
		const lines = (): readonly string[] => workers.flatMap((worker) => worker.lines);
		await gate.close();
		const matrix = start(place, [
			'matrix',
			'matrix.yaml',
			'--artifacts',
			'night',
			'--queue',
			server.url,
			'--json',
			json,
		]);
		await Promise.all(workers.map(async (worker) => worker.line(/ begins$/v)));

		// In the middle of a cell each. What the server has written down is there again.
		killed!.kill('SIGKILL');
		await server.kill();
		await server.start();
		const [lost = ''] = Object.keys(countOf(killed!.lines, / begins$/v));
		await gate.open();
		await Promise.all(others.map(async (worker) => worker.line(/ ended with 3$/v)));
		await gate.close();
		await Promise.all(
			others.map(async (worker) =>
				worker.line(/ begins$/v, worker.lines.filter((line) => line.includes(' ended with ')).length + 1),
			),
		);

		// Once more, and all that it knew is gone.
		await server.kill();
		await server.forget();
		await server.start();
		await gate.open();
		t.is((await matrix.ended).exitCode, 3, matrix.lines.join('\n'));
		t.deepEqual(
			(await told(json)).cells.map(({id, state}) => [id, state]),
			names.map((name) => [idOf(name), 'fail']),
		);
		t.deepEqual((await readdir(path.join(place.directory, 'night/cells'))).toSorted(inByteOrder), names.map(idOf));
		t.deepEqual(countOf(lines(), / begins$/v), {...Object.fromEntries(names.map((name) => [name, 1])), [lost]: 2});
		t.deepEqual(countOf(lines(), / ended with 3$/v), Object.fromEntries(names.map((name) => [name, 1])));
		t.is(matrix.lines.filter((line) => line.includes('went away')).length, 2);

		const status = await bootwright(['queue', 'status', '--queue', server.url, '--json'], {env: place.env});
		const {queues, runs, workers: living} = JSON.parse(status.stdout) as Record<string, readonly unknown[]>;
		t.deepEqual(queues, [{needs: [], waiting: 0, postponed: 0, active: 0, stalled: 0}]);
		t.deepEqual(runs, []);
		t.is(living?.length, 2);
		for (const worker of others) {
			worker.kill('SIGINT');
			t.is((await worker.ended).exitCode, 130);
		}

		await server.kill();
		t.deepEqual(await leftBehind(place), []);
	},
);

const reportsOf = (folder: string): readonly string[] =>
	['json', 'junit', 'tap', 'markdown'].flatMap((format) => [`--${format}`, path.join(folder, `night.${format}`)]);

const reportsIn = async (folder: string): Promise<readonly string[]> =>
	Promise.all(
		['json', 'junit', 'tap', 'markdown'].map(async (format) => readFile(path.join(folder, `night.${format}`), 'utf8')),
	);

test.serial(
	'cells go to who has the label and the same image; the reports are those of a local run, also by results from disk',
	async (t) => {
		t.timeout(120_000);
		await using place = await openPlace();
		await using server = await openTestServer(place.directory, {password: 'a secret'});
		const env = {BOOTWRIGHT_QUEUE_PASSWORD: 'a secret'};
		const [right, wrong] = [path.join(place.directory, 'right'), path.join(place.directory, 'wrong')];
		await makeImages(right, ['a', 'b']);
		await makeImages(wrong, ['other', 'b', 'a']);
		await writeFile(path.join(right, 'matrix.yaml'), 'images: [a.raw, {image: b.raw, needs: [big]}]\n');
		const args = ['matrix', 'matrix.yaml', '--artifacts', 'night', ...reportsOf(right)];
		const refusing = await startWorker(place, {name: 'one', url: server.url, env, cwd: wrong});
		const matrix = start(place, [...args, '--queue', server.url], {cwd: right, env});
		await matrix.line(
			/^worker \S+ refuses a\.gce\.auto\.all: a\.raw has the digest [\da-f]{64} here, and has the digest [\da-f]{64} for the matrix$/v,
		);
		await matrix.line(
			/^no worker has what some cells need \(big\); they wait for: bootwright worker --queue URL --label big$/v,
		);
		const taking = await startWorker(place, {name: 'two', url: server.url, args: ['--label', 'big'], env, cwd: right});
		t.is((await matrix.ended).exitCode, 3);
		t.deepEqual(countOf(taking.lines, / ended with 3$/v), {a: 1, b: 1});
		const reports = await reportsIn(right);

		// The same records, without a queue.
		await cp(path.join(right, 'night'), path.join(right, 'local'), {recursive: true, verbatimSymlinks: true});
		await bootwright(args.with(3, 'local'), {cwd: right, env: place.env});
		t.deepEqual(await reportsIn(right), reports);

		// The machine of the matrix has lost its disk.
		await rm(path.join(right, 'night/cells'), {recursive: true});
		const again = start(place, [...args, '--queue', server.url], {cwd: right, env});
		t.is((await again.ended).exitCode, 3, again.lines.join('\n'));
		t.deepEqual(await reportsIn(right), reports);
		t.deepEqual(countOf(taking.lines, / begins$/v), {a: 1, b: 1});
		for (const worker of [refusing, taking]) {
			worker.kill('SIGINT');
			t.is((await worker.ended).exitCode, 130);
		}

		const all = [refusing, taking, matrix, again].flatMap(({lines}) => lines).join('\n');
		t.false(all.includes('secret'));
	},
);

test.serial('a server that is not there, or refuses, is told in clear words, and without its password', async (t) => {
	await using place = await openPlace();
	await using server = await openTestServer(place.directory, {password: 'right'});
	const port = await freePort();
	await writeFile(path.join(place.directory, 'matrix.yaml'), 'images: [/nonexistent.raw]\n');
	const down = `redis://somebody:secret@127.0.0.1:${port}`;
	const commands = (url: string): ReadonlyArray<readonly string[]> => [
		['matrix', 'matrix.yaml', '--artifacts', 'night', '--queue', url],
		['worker', '--queue', url, '--artifacts', 'results'],
		['queue', 'status', '--queue', url],
	];
	const run = async (
		url: string,
	): Promise<ReadonlyArray<{readonly exitCode: number | undefined; readonly stderr: string}>> =>
		Promise.all(commands(url).map(async (command) => bootwright(command, {env: place.env, cwd: place.directory})));
	const unreachable = await run(down);
	for (const {exitCode, stderr} of unreachable) {
		t.is(exitCode, 4);
		t.is(
			stderr,
			`bootwright: Cannot reach the queue redis://127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}\n  Start its server, such as redis-server or valkey-server; docs/queue.md says how.`,
		);
	}

	const refused = await run(server.url.replace('redis://', 'redis://default:secret@'));
	for (const {exitCode, stderr} of refused) {
		t.is(exitCode, 2);
		t.regex(stderr, /^bootwright: The queue redis:\/\/127\.0\.0\.1:\d+ refuses the password: WRONGPASS /v);
		t.false(stderr.includes('secret'));
	}
});

test.serial('by TLS: a certificate of an authority of one’s own is refused until it is named', async (t) => {
	await using place = await openPlace();
	await using server = await openTestServer(place.directory, {tls: true});
	const status = ['queue', 'status', '--queue', server.url];
	const refused = await bootwright(status, {env: place.env});
	t.is(refused.exitCode, 4);
	t.regex(
		refused.stderr,
		/^bootwright: Cannot reach the queue rediss:[^\n]+ self-signed certificate[^\n]*\n {2}An authority of your own is given by NODE_EXTRA_CA_CERTS=ca\.pem; docs\/queue\.md says more\.$/v,
	);
	const taken = await bootwright(status, {
		env: {...place.env, NODE_EXTRA_CA_CERTS: certificateOf(place.directory)},
	});
	t.is(taken.stdout, 'no worker');
	t.is(taken.exitCode, 0, taken.stderr);
});
