import os from 'node:os';
import test from 'ava';
import {parse} from 'yaml';
import {stateDirectory} from '../../harness/report/run-directory.ts';
import {changed, read} from './_files.ts';
import {actionErrors, workflowErrors} from './_github.ts';

const workflow = await read('ci/github/nightly.yml');
const action = await read('action.yml');

test('the workflow is one by the schema of GitHub', async (t) => {
	t.deepEqual(await workflowErrors(workflow), []);
});

const brokenWorkflows: ReadonlyArray<readonly [from: string, to: string, error: RegExp]> = [
	['timeout-minutes: 120', 'timeout-minuts: 120', /Unexpected value 'timeout-minuts'/],
	['timeout-minutes: 120', 'timeout-minutes: [120]', /A sequence was not expected/],
	['contents: read', 'contents: reed', /Unexpected value 'reed'/],
	['needs: setup', 'needs: set-up', /Job 'shard' depends on unknown job 'set-up'/],
	['fromJSON(needs.setup', 'fromJSON(need.setup', /Unrecognized named-value: 'need'/],
	["cron: '23 2 * * *'", "cron: '23 25 * * *'", /Invalid cron expression/],
];

for (const [from, to, error] of brokenWorkflows) {
	test(`refused in a workflow: ${to}`, async (t) => {
		t.regex((await workflowErrors(changed(workflow, [from, to]))).join('\n'), error);
	});
}

test('the action is one by the schema of GitHub', (t) => {
	t.deepEqual(actionErrors(action), []);
});

const brokenActions: ReadonlyArray<readonly [from: string, to: string, error: RegExp]> = [
	['using: composite', 'using: composed', /Unexpected value 'composed'/],
	['\noutputs:', '\noutput:', /Unexpected value 'output'/],
	['inputs.strict }}', 'input.strict }}', /Unrecognized named-value: 'input'/],
	['      id: judge\n      shell: bash\n', '      id: judge\n', /Required property is missing: shell/],
];

for (const [from, to, error] of brokenActions) {
	test(`refused in an action: ${to.trim()}`, (t) => {
		t.regex(actionErrors(changed(action, [from, to])).join('\n'), error);
	});
}

type Step = {
	readonly uses?: string;
	readonly if?: string;
	readonly with?: Readonly<Record<string, string>>;
	readonly env?: Readonly<Record<string, string>>;
};
type Steps = {readonly steps: readonly Step[]};

const stepsOfShard = (parse(workflow) as {readonly jobs: {readonly shard: Steps}}).jobs.shard;
const stepsOfAction = (parse(action) as {readonly runs: Steps}).runs;

for (const [what, {steps}, state] of [
	['a shard of the workflow', stepsOfShard, `~${stateDirectory({}).slice(os.homedir().length)}`],
	[
		'the action',
		stepsOfAction,
		stateDirectory({XDG_STATE_HOME: '/state'}).replace('/state', '${{ runner.temp }}/bootwright-state'),
	],
] as const) {
	test(`${what} keeps its history, also after a failure`, (t) => {
		const stepOf = (uses: string): Step | undefined =>
			steps.find((step) => step.uses === uses && step.with?.['path']?.includes('sqlite'));
		const [restored, saved] = [stepOf('actions/cache/restore@v5'), stepOf('actions/cache/save@v5')];
		t.is(restored?.with?.['path'], `${state}/history.sqlite*`);
		t.is(saved?.with?.['path'], restored?.with?.['path']);
		t.is(saved?.with?.['key'], restored?.with?.['key']);
		t.true(saved?.with?.['key']?.startsWith(restored?.with?.['restore-keys'] ?? 'nothing'));
		t.regex(saved?.if ?? '', /^\$\{\{ always\(\)/v);
	});
}

test('the action says where its state is', (t) => {
	const judge = stepsOfAction.steps.find(({env}) => env !== undefined);
	t.is(judge?.env?.['XDG_STATE_HOME'], '${{ runner.temp }}/bootwright-state');
});

test('the summary of a step comes from the program alone', (t) => {
	t.false(`${workflow}${action}`.includes('GITHUB_STEP_SUMMARY'));
});

/** GitHub takes an input without a word on what it is. */
test('every input and output of the action is described', (t) => {
	const {inputs, outputs} = parse(action) as Readonly<Record<string, Record<string, {readonly description?: string}>>>;
	t.deepEqual(Object.keys(inputs!), ['image', 'args', 'strict', 'artifacts']);
	t.deepEqual(Object.keys(outputs!), ['verdict', 'exit-code', 'result']);
	for (const [name, {description = ''}] of [...Object.entries(inputs!), ...Object.entries(outputs!)]) {
		t.true(description.length > 20, name);
	}
});

test('no text from outside is put into a script', (t) => {
	const {runs} = parse(action) as {readonly runs: {readonly steps: ReadonlyArray<{readonly run?: string}>}};
	const {jobs} = parse(workflow) as {
		readonly jobs: Readonly<Record<string, {readonly steps: ReadonlyArray<{readonly run?: string}>}>>;
	};
	const scripts = [...runs.steps, ...Object.values(jobs).flatMap(({steps}) => steps)].map(({run = ''}) => run);
	t.deepEqual(
		scripts.filter((script) => script.includes('${{')),
		[],
	);
});
