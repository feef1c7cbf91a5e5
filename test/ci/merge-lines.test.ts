import {mkdir, mkdtemp, readFile, rm, stat, symlink} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {cellsOf} from '../../harness/matrix/cells.ts';
import {openMatrixFolder} from '../../harness/matrix/matrix-folder.ts';
import {cellsOfShard} from '../../harness/matrix/shard.ts';
import {leaveCell, matrixOf, recordOf} from '../matrix/_matrix.ts';
import {passed, start} from '../report/example-run.ts';
import {commandLines} from './_command-lines.ts';
import {read, root} from './_files.ts';

const matrix = matrixOf('images: [ref:a, ref:b]');

/** Leaves what a shard of two leaves. */
const leaveShard = async (directory: string, index: number): Promise<void> => {
	await openMatrixFolder(directory, {version: '0.1.0', matrix, shard: `${index}/2`, durations: null});
	const cells = cellsOfShard(cellsOf(matrix), {shard: {index, count: 2}, durations: new Map()});
	for (const cell of cells) {
		await leaveCell(directory, recordOf(cell), [
			start({requirements: ['hw.a'], image: {path: cell.image, bytes: 1, sha256: undefined}}),
			passed('hw.a'),
			{type: 'run-finished', at: start().at, durationMs: 1, exitCode: 0},
		]);
	}
};

/** Uid of a Job. */
const night = '0f8fad5b-d9cb-469f-a165-70867728950e';

const mergeLines = await Promise.all(
	['ci/github/nightly.yml', 'ci/gitlab/.gitlab-ci.yml', 'docs/ci.md'].map(async (file) => {
		const found = (await read(file)).match(/(?:bootwright|npx bootwright) merge .*$/gm) ?? [];
		return found.map((line) => ({file, line}));
	}),
);

test('each of the files has a line that merges', (t) => {
	t.deepEqual(
		mergeLines.map((lines) => lines.length),
		[1, 1, 2],
	);
});

for (const {file, line} of mergeLines.flat()) {
	test(`${file}: ${line}`, async (t) => {
		const place = await mkdtemp(path.join(os.tmpdir(), 'bootwright-merge-'));
		t.teardown(async () => rm(place, {recursive: true}));
		// Where a volume is mounted there, it lies in this place.
		const command = line.replaceAll(/(?<=\s)\/(?=results)/g, '').replace(/^npx /, '');
		const [, given = ''] = /merge (\S+)\/\*/.exec(command) ?? [];
		const shards = given.replace('$NIGHT', () => night);
		for (const index of [1, 2]) {
			await leaveShard(path.join(place, shards, String(index)), index);
		}

		// What else lies on a volume: another night, and what ext4 has.
		if (shards !== given) {
			await leaveShard(path.join(place, given.replace('$NIGHT', 'another-night'), '1'), 1);
			await mkdir(path.join(place, 'results/lost+found'));
		}

		await mkdir(path.join(place, 'bin'));
		await symlink(path.join(root, 'harness/bootwright.js'), path.join(place, 'bin/bootwright'));
		const {PATH = ''} = process.env;
		const env = {
			PATH: `${place}/bin:${path.dirname(process.execPath)}:${PATH}`,
			GITHUB_ACTIONS: undefined,
			NIGHT: night,
		};
		const {exitCode, stderr} = await execa('sh', ['-c', command], {cwd: place, env, reject: false});
		t.is(stderr, '');
		t.is(exitCode, 0);
		const [words = []] = commandLines(command.replaceAll('$NIGHT', () => night));
		const reports = words.filter((_, index) => /^--(?!artifacts)/.test(words[index - 1] ?? ''));
		t.true(reports.length > 0);
		for (const report of [...reports, path.join(words[words.indexOf('--artifacts') + 1]!, 'summary.md')]) {
			t.true((await stat(path.join(place, report))).size > 0, report);
		}

		const page = reports.find((report) => report.endsWith('.html'));
		t.regex(await readFile(path.join(place, page!), 'utf8'), /ref:b|b\.gce/);
	});
}
