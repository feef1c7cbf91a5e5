import test from 'ava';
import {parse} from 'yaml';
import {changed, read} from './_files.ts';
import {deploymentErrors, jobErrors} from './_kubernetes.ts';

const file = await read('ci/kubernetes/job.yaml');

type Container = {
	readonly args: readonly string[];
	readonly env: ReadonlyArray<{readonly name: string; readonly value?: string; readonly valueFrom?: unknown}>;
};
type IndexedJob = {
	readonly spec: {
		readonly completions: number;
		readonly template: {readonly spec: {readonly containers: readonly Container[]}};
	};
};

test('the Job is one by the schema of Kubernetes', (t) => {
	t.deepEqual(jobErrors(parse(file)), []);
});

const broken: ReadonlyArray<readonly [from: string, to: string, error: RegExp]> = [
	['completionMode: Indexed', 'completionMode: Index', /completionMode must be equal to one of the allowed values/],
	['backoffLimitPerIndex: 2', 'backoffLimitPerIndices: 2', /"backoffLimitPerIndices"' does not exist/],
	['parallelism: 8', "parallelism: 'eight'", /parallelism must be integer/],
	['apiVersion: batch/v1', 'apiVersion: batch/v1beta1', /apiVersion/],
	['image: bootwright:latest', 'images: bootwright:latest', /"images"' does not exist/],
	['fieldRef: {fieldPath:', 'fieldRef: {fieldpath:', /must have required property fieldPath/],
	['- action: Ignore', '- onExitCodes: null', /rules\/0 must have required property action/],
];

for (const [from, to, error] of broken) {
	test(`refused: ${to}`, (t) => {
		t.regex(jobErrors(parse(changed(file, [from, to]))).join('\n'), error);
	});
}

/** What stands there for a cluster that has the devices is as good as the rest. */
test('the Job is one also with what is commented out', (t) => {
	const whole = file
		.replace(/^ {6}securityContext:\n(?: {8}.*\n)+/m, '')
		.replaceAll(/^( +)# (hostUsers: |securityContext: |add: |squat\.ai\/)/gm, '$1$2');
	t.is(whole.match(/^ +(?:hostUsers|add|squat\.ai\/\w+): /gm)?.length, 4);
	t.deepEqual(jobErrors(parse(whole)), []);
});

test('as many shards as indexes', (t) => {
	const {spec} = parse(file) as IndexedJob;
	const shards = spec.template.spec.containers[0]?.env.find(({name}) => name === 'SHARDS')?.value;
	t.is(shards, String(spec.completions));
});

test('each night has a directory of its own, by the uid of its Job', (t) => {
	const {spec} = parse(file) as IndexedJob;
	const [{args, env}] = spec.template.spec.containers as readonly [Container];
	t.true(args[0]?.endsWith(' --artifacts "/results/$NIGHT/$JOB_COMPLETION_INDEX"'), args[0]);
	// The label that every pod of a Job gets (kubernetes.io, "Well-Known Labels"), as the downward API names one.
	t.deepEqual(env.find(({name}) => name === 'NIGHT')?.valueFrom, {
		fieldRef: {fieldPath: "metadata.labels['batch.kubernetes.io/controller-uid']"},
	});
});

test('the Job that builds is one, and fills the claim that the others read', async (t) => {
	const [images, workers] = await Promise.all(
		['images', 'workers'].map(async (name) => read(`ci/kubernetes/${name}.yaml`)),
	);
	t.deepEqual(jobErrors(parse(images!)), []);
	t.regex(jobErrors(parse(changed(images!, ['backoffLimit: 1', 'backofLimit: 1']))).join('\n'), /does not exist/);
	for (const text of [images!, file, workers!]) {
		t.is(text.match(/claimName: bootwright-images\b/g)?.length, 1);
		t.is(text.match(/name: images, mountPath: \/cache\/bootwright\/images\b/g)?.length, 1);
	}
});

test('the Deployment of workers is one, and is refused where a word of it is wrong', async (t) => {
	const workers = await read('ci/kubernetes/workers.yaml');
	t.deepEqual(deploymentErrors(parse(workers)), []);
	t.regex(
		deploymentErrors(parse(changed(workers, ['replicas: 8', 'replica: 8']))).join('\n'),
		/"replica"' does not exist/,
	);
	t.regex(
		deploymentErrors(parse(changed(workers, ['replicas: 8', "replicas: '8'"]))).join('\n'),
		/replicas must be integer/,
	);
	t.regex(
		deploymentErrors(parse(changed(workers, ['volumeMounts:', 'volumeMount:']))).join('\n'),
		/"volumeMount"' does not exist/,
	);
});
