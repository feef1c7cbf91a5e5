import {readFile, readdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {matrixResultSchema} from '../../harness/matrix/report/matrix-schema.ts';
import {bootwright, entry, leftBehind, openPlace} from '../e2e/_program.ts';

const matrix = `images: [ref:probe, {image: ref:probe, name: again}, {image: /nonexistent.raw, name: missing}]
sets: [{name: pci, only: [hw.pci.*]}]
known: [{id: none, match: {image: ref:probe}, rows: [hw.pci.*], reason: never seen, until: 2999-01-01}]
`;

test.serial('a matrix that is killed goes on where it was; the reports tell of every cell', async (t) => {
	t.timeout(300_000);
	await using place = await openPlace();
	const file = path.join(place.directory, 'matrix.yaml');
	await writeFile(file, matrix);
	const night = path.join(place.directory, 'night');
	const args = [
		'matrix',
		file,
		'--artifacts',
		night,
		'--jobs',
		'1',
		'--json',
		path.join(place.directory, 'night.json'),
	];
	const first = execa(process.execPath, [entry, ...args], {env: place.env, reject: false});
	first.stdout.once('data', () => first.kill('SIGKILL'));
	await first;
	const finished = async (): Promise<ReadonlyArray<readonly [string, number]>> => {
		const ids = await readdir(path.join(night, 'cells'));
		const records = await Promise.all(
			ids.map(async (id) => readFile(path.join(night, 'cells', id, 'cell.json'), 'utf8').catch(() => 'null')),
		);
		return records.flatMap((text) => {
			const record = JSON.parse(text) as {cell: {id: string}; startedAt: number} | null;
			return record === null ? [] : [[record.cell.id, record.startedAt] as const];
		});
	};
	const before = await finished();
	t.true(before.length > 0 && before.length < 3, String(before.length));

	const second = await bootwright(args, {env: place.env});
	t.is(second.exitCode, 2);
	t.regex(second.stdout, /known issue none .* happened nowhere/v);
	const after = new Map(await finished());
	t.is(after.size, 3);
	for (const [id, startedAt] of before) {
		// One whose image is not there is never finished.
		t.is(after.get(id) === startedAt, !id.startsWith('missing'), id);
	}

	const {cells} = JSON.parse(await readFile(path.join(place.directory, 'night.json'), 'utf8')) as {
		cells: ReadonlyArray<{id: string; state: string}>;
	};
	t.deepEqual(
		cells.map(({id, state}) => [id, state]),
		[
			['probe.gce.auto.pci', 'pass'],
			['again.gce.auto.pci', 'pass'],
			['missing.gce.auto.pci', 'error'],
		],
	);
	t.deepEqual(await leftBehind(place), []);
});

test.serial('the next night says what changed since, cell by cell; without the history nothing', async (t) => {
	t.timeout(300_000);
	await using place = await openPlace();
	const file = path.join(place.directory, 'matrix.yaml');
	await writeFile(file, matrix);
	const json = path.join(place.directory, 'night.json');
	const night = async (name: string, ...options: readonly string[]): Promise<unknown> => {
		await bootwright(
			[
				'matrix',
				file,
				'--cell',
				'*probe*',
				'--cell',
				'again*',
				'--artifacts',
				path.join(place.directory, name),
				'--json',
				json,
				...options,
			],
			{env: place.env},
		);
		return matrixResultSchema.parse(JSON.parse(await readFile(json, 'utf8'))).changes;
	};
	t.is(await night('first'), null);
	t.like(await night('second'), {compared: 2, newlyFailing: [], newlyPassing: []});
	t.is(await night('third', '--no-history'), null);
	const {stdout} = await bootwright(['history', '--json'], {env: place.env});
	const {classes} = JSON.parse(stdout) as {classes: ReadonlyArray<{runs: ReadonlyArray<{cell: string}>}>};
	t.deepEqual(
		classes.flatMap(({runs}) => runs.map(({cell}) => cell)).toSorted((a, b) => a.localeCompare(b, 'en')),
		['again.gce.auto.pci', 'again.gce.auto.pci', 'probe.gce.auto.pci', 'probe.gce.auto.pci'],
	);
});
