import {readFile, readdir} from 'node:fs/promises';
import path from 'node:path';
import {Ajv2020} from 'ajv/dist/2020.js';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {type RunEvent} from '../../harness/core/events.ts';
import {requirementIds} from '../../harness/core/requirements/ids.ts';
import {ensureImage} from '../../harness/image/build.ts';
import {type RunResult} from '../../harness/report/result-schema.ts';
import {copiesInMemory} from '../../harness/runner/clones/schedule.ts';
import {eventsIn} from './_machines.ts';
import {type Finished, bootwright, failedRows, judge, leftBehind, openPlace} from './_program.ts';

/** Debian's kernels have these as modules, loaded by the initramfs and working. */
const modules = ['kernel.VIRTIO_PCI', 'kernel.SCSI_VIRTIO', 'kernel.VIRTIO_NET'];

const rowsWith = ({requirements}: RunResult, verdict: string): readonly string[] =>
	requirements.filter((row) => row.verdict === verdict).map(({id}) => id);

const wholeResult = async (t: ExecutionContext, {result}: Finished & {readonly result: RunResult}): Promise<void> => {
	const schema: unknown = JSON.parse(
		await readFile(path.resolve(import.meta.dirname, '../../docs/result.schema.json'), 'utf8'),
	);
	const validate = new Ajv2020({strict: true}).compile(schema as object);
	t.true(validate(result), JSON.stringify(validate.errors));
	t.deepEqual(
		result.requirements.map(({id}) => id),
		[...requirementIds],
	);
	t.true(result.requirements.every(({verdict, evidence}) => verdict !== 'pass' || evidence.length > 0));
	t.deepEqual(
		result.phases.map(({name}) => name),
		['firmware', 'bootloader', 'kernel', 'userspace', 'access'],
	);
	const times = result.phases.map(({ms}) => ms ?? NaN);
	t.deepEqual(
		times,
		times.toSorted((a, b) => a - b),
	);
};

test.serial('the reference image is green, with every row shown', async (t) => {
	t.timeout(600_000);
	await using place = await openPlace();
	const before = await ensureImage('debian-12');
	const run = await judge(place, ['ref:debian-12']);
	t.deepEqual(failedRows(run.result), []);
	// With its words: exit code 4 alone says nothing of what was wrong with the host.
	t.is(run.exitCode, 0, run.stdout.slice(-4000));
	t.deepEqual(rowsWith(run.result, 'skip'), []);
	t.deepEqual(rowsWith(run.result, 'warn'), modules);
	t.deepEqual(rowsWith(run.result, 'error'), []);
	t.deepEqual(run.result.access, {method: 'metadata', tried: ['credentials', 'inject', 'metadata']});
	t.is(run.result.image.sha256, before.manifest.files['disk.raw']?.sha256 ?? 'no digest in the manifest');
	t.regex(run.stdout, /^61 passed, 3 warned, 0 failed, 0 skipped, 0 errors · \d+ s$/m);
	await wholeResult(t, run);
	t.deepEqual(await leftBehind(place), []);
	const artifacts = await readdir(path.join(place.artifacts, 'latest'));
	t.deepEqual(
		['dnsmasq.log', 'events.jsonl', 'firmware.log', 'metadata.jsonl', 'qemu.sh', 'qmp.log', 'result.json'].filter(
			(name) => !artifacts.includes(name),
		),
		[],
	);
	for (const port of ['ttyS0', 'ttyS1', 'ttyS2', 'ttyS3']) {
		t.true(artifacts.includes(`console-${port}.log`) && artifacts.includes(`console-${port}.timing`));
	}

	const waited = waitedMs(await eventsIn(place));
	// Three of them measure, each with the host for itself: two at once are in each other's way (one copy at a time never is).
	t.true(waited > 1000 || copiesInMemory() === 1, `${waited} ms`);
});

/** Milliseconds for which scenarios that measure time waited for the host: what they took by the clock, without what they did. */
const waitedMs = (events: readonly RunEvent[]): number => {
	const measuring = new Set(events.filter((event) => event.type === 'measured').map(({scenario}) => scenario));
	const started = new Map<string, number>();
	let waited = 0;
	for (const event of events) {
		if (event.type === 'scenario-started') {
			started.set(event.scenario, event.at);
		} else if (event.type === 'scenario-finished' && measuring.has(event.scenario)) {
			waited += event.at - (started.get(event.scenario) ?? NaN) - event.durationMs;
		}
	}

	return waited;
};

test.serial('debian-12-plain fails exactly the sysctls that Debian leaves as they are', async (t) => {
	t.timeout(600_000);
	await using place = await openPlace();
	const files = (kind: string) =>
		['junit', 'tap', 'markdown'].flatMap((format) => [`--${format}`, path.join(place.directory, `${kind}.${format}`)]);
	const summary = path.join(place.directory, 'summary.md');
	const run = await judge(
		place,
		['ref:debian-12-plain', '--paranoid', '--on-fail', 'keep', '--skip', 'throughput.*', ...files('run')],
		{GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary},
	);
	t.is(run.exitCode, 1);
	// No line of a guest is a command to the runner, and then what is wrong is marked.
	const [, token = ''] = /^::stop-commands::([\da-f]{32})\n/.exec(run.stdout) ?? [];
	t.regex(run.stdout, new RegExp(`\n::${token}::\n(::error title=sysctl\\.[^\n]*\n?){10}$`));
	const report = await bootwright(['report', path.join(place.artifacts, 'latest'), ...files('again')]);
	t.is(report.exitCode, 1);
	t.true(report.stdout.includes(run.stdout.split('\n').find((line) => line.includes(' warned, ')) ?? 'no last line'));
	for (const format of ['junit', 'tap', 'markdown']) {
		const [first, again] = await Promise.all(
			['run', 'again'].map(async (kind) => readFile(path.join(place.directory, `${kind}.${format}`), 'utf8')),
		);
		t.is(again, first);
		t.regex(first ?? '', /sysctl\.kernel\.yama\.ptrace_scope/);
	}

	t.is(await readFile(summary, 'utf8'), await readFile(path.join(place.directory, 'run.markdown'), 'utf8'));
	t.deepEqual(
		failedRows(run.result),
		[
			'net.ipv4.conf.default.accept_source_route',
			'net.ipv4.conf.all.accept_redirects',
			'net.ipv4.conf.default.accept_redirects',
			'net.ipv4.conf.all.send_redirects',
			'net.ipv4.conf.default.send_redirects',
			'net.ipv4.conf.all.rp_filter',
			'net.ipv4.conf.default.rp_filter',
			'net.ipv4.conf.all.log_martians',
			'net.ipv4.conf.default.log_martians',
			'net.ipv4.tcp_rfc1337',
			'kernel.kptr_restrict',
			'kernel.yama.ptrace_scope',
		].map((key) => `sysctl.${key}`),
	);
	t.deepEqual(rowsWith(run.result, 'error'), []);
	t.is(run.result.access.method, 'credentials');
	t.deepEqual(rowsWith(run.result, 'skip'), []);
	t.deepEqual(await leftBehind(place), []);
	// What the guest wrote is there to be looked into, over an image that nobody wrote to.
	const kept = path.join(place.artifacts, 'latest/overlay.qcow2');
	await execa('qemu-img', ['check', '-q', '-f', 'qcow2', kept]);
	// The guest asked for the password, and nothing that is kept shows what was typed.
	const log = await readFile(path.join(place.artifacts, 'latest/console-ttyS0.log'), 'latin1');
	t.regex(log, /Password: \r*\n/);
});
