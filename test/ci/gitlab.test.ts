import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {parse} from 'yaml';
import {historyFile} from '../../harness/history/history-file.ts';
import {changed, read} from './_files.ts';

const file = await read('ci/gitlab/.gitlab-ci.yml');
const program = createRequire(import.meta.url).resolve('gitlab-ci-local');

/**
 * The jobs of a file, read by gitlab-ci-local in a repository of its own: by GitLab's schema for CI, which it brings along, then by its own
 * reading of stages and needs.
 */
const jobsOf = async (text: string): Promise<{readonly jobs: readonly string[]; readonly errors: string}> => {
	const directory = await mkdtemp(path.join(os.tmpdir(), 'bootwright-gitlab-'));
	try {
		await execa('git', ['init', '--quiet', directory]);
		await writeFile(path.join(directory, '.gitlab-ci.yml'), text);
		const {exitCode, stdout, stderr} = await execa(
			process.execPath,
			[
				program,
				'--list-json',
				'--home',
				directory,
				'--variable',
				'CI_PIPELINE_SOURCE=schedule',
				'--ignore-predefined-vars',
				'CI_PIPELINE_SOURCE',
			],
			{reject: false, cwd: directory, env: {NO_COLOR: '1', FORCE_COLOR: '0'}},
		);
		return exitCode === 0
			? {jobs: (JSON.parse(stdout) as ReadonlyArray<{readonly name: string}>).map(({name}) => name), errors: ''}
			: {jobs: [], errors: stderr};
	} finally {
		await rm(directory, {recursive: true, force: true});
	}
};

/** Of all jobs of a file, by their names. */
type Caches = Readonly<Record<string, {readonly cache?: Cache | readonly Cache[]}>>;
type Cache = {
	readonly key: string;
	readonly paths: readonly string[];
	readonly policy?: string;
	readonly when?: string;
};

test('shards read what is built before them, and keep a history of their own', (t) => {
	const {build, shard} = parse(file, {merge: true}) as Caches;
	const [built] = [build?.cache ?? []].flat();
	const [images, history] = [shard?.cache ?? []].flat();
	t.deepEqual({...images, when: 'always'}, {...built, policy: 'pull', when: 'always'});
	t.regex(history?.key ?? '', /\$CI_NODE_INDEX-of-\$CI_NODE_TOTAL$/v);
	// Also of a shard that failed.
	t.is(history?.when, 'always');
	const state = historyFile({XDG_STATE_HOME: '/builds/.state'});
	t.deepEqual(history?.paths, [`${path.relative('/builds', state)}*`]);
	t.regex(file, /XDG_STATE_HOME: \$CI_PROJECT_DIR\/\.state$/mv);
});

test.serial("GitLab's schema takes the file", async (t) => {
	t.deepEqual(await jobsOf(file), {
		jobs: ['build', ...[1, 2, 3, 4].map((shard) => `shard: [${shard}/4]`), 'merge'],
		errors: '',
	});
});

/** The block of YAML in a page that has a word. */
const example = async (word: string): Promise<string> => {
	const blocks = (await read('docs/ci.md')).matchAll(/^```yaml\n(.*?)^```/gms).map(([, text = '']) => text);
	return blocks.find((text) => text.includes(word)) ?? '';
};

test.serial("GitLab's schema takes the example that judges one image", async (t) => {
	t.deepEqual(await jobsOf(await example('bootwright test')), {jobs: ['boot-test'], errors: ''});
});

const broken: ReadonlyArray<readonly [from: string, to: string, error: RegExp]> = [
	['parallel: 4', 'paralel: 4', /'paralel' property is not expected to be here/],
	['timeout: 2h', 'timeout: [2]', /'timeout' property type must be string/],
	['exit_codes: [4]', "exit_codes: ['four']", /exit_codes/],
	['policy: pull', 'policy: pul', /policy/],
	['needs: [shard]', 'needs: [shards]', /shards/],
];

for (const [from, to, error] of broken) {
	test.serial(`refused: ${to}`, async (t) => {
		const {jobs, errors} = await jobsOf(changed(file, [from, to]));
		t.deepEqual(jobs, []);
		t.regex(errors, error);
	});
}
