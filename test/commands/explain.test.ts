import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {dir} from 'tmp-promise';
import {renderSubject} from '../../harness/commands/explain/subject.ts';
import {loadOthers, loadRequirements} from '../../harness/commands/explain/subjects.ts';
import {alarmRules} from '../../harness/console/judge-line.ts';
import {exitCodes} from '../../harness/core/errors.ts';
import {exitMeanings} from '../../harness/core/exit-codes.ts';
import {failureTexts} from '../../harness/core/guest-failures.ts';
import {verdicts} from '../../harness/core/verdict.ts';
import {kernelDigest, kernelVariants} from '../../harness/image/build-kernels.ts';
import {findingsOf} from '../../harness/report/files/findings.ts';
import {wholeRun} from '../../harness/report/known-failures.ts';
import {layoutOf} from '../../harness/report/layout.ts';
import {foldRun} from '../../harness/report/run-state.ts';
import {bisectCode} from '../../harness/runner/loop/bisect-code.ts';
import {exampleRun} from '../report/example-run.ts';
import {interrupted, panicked, unproved} from '../report/files/_hostile-run.ts';

const program = path.resolve(import.meta.dirname, '../../harness/bootwright.js');
const explain = async (...args: readonly string[]) =>
	execa(process.execPath, [program, 'explain', ...args], {reject: false, env: {NO_COLOR: '1'}});

test('one requirement, whole', async (t) => {
	const {stdout, exitCode} = await explain('hw.scsi.single-queue');
	t.is(exitCode, 0);
	t.is(
		stdout,
		`hw.scsi.single-queue · One request queue
SCSI disks

why       The cloud’s adapter has one. A guest that insists on more (a fixed
          interrupt map, one queue for each processor) does not find its disk,
          or starves it.
guest     one hardware queue of the disk: /sys/block/*/mq holds one directory
host      number of virtqueues of the adapter = control + event + 1
fix       The adapter offers one queue; remove
          "virtio_scsi.virtscsi_poll_queues=…" and the like from the kernel
          command line and from /etc/modprobe.d.
source    Compute Engine guide "Build custom operating systems", hardware
          support requirements
          Virtual I/O Device specification 1.2, section 5.6.4 (num_queues)
          Linux: drivers/scsi/virtio_scsi.c
mutants   num-queues-4 num-queues-2-one-cpu
scenario  scsi: bootwright test IMAGE --only hw.scsi.single-queue`,
	);
});

test('a pattern explains all that match; one change stands for all kernel configurations', async (t) => {
	const {stdout} = await explain('kernel.*YAMA*');
	t.regex(stdout, /^kernel\.SECURITY_YAMA · /v);
	t.regex(stdout, /^kernel\.SECURITY_YAMA_STACKED · /mv);
	t.regex(stdout, /^mutants {3}config\/\*\/SECURITY_YAMA config\/\*\/SECURITY_YAMA_STACKED$/mv);
});

test('--json', async (t) => {
	const {stdout} = await explain('boot.console-clean', '--json');
	const explained = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
	t.like(explained, {id: 'boot.console-clean', group: 'boot', scenario: 'boot'});
	t.deepEqual(Object.keys(explained), [
		'id',
		'group',
		'title',
		'why',
		'observed',
		'fix',
		'source',
		'scenario',
		'mutants',
	]);
});

test('an unknown id suggests the nearest', async (t) => {
	const {stderr, exitCode, stdout} = await explain('hw.scsi.blocksize');
	t.is(
		stderr,
		`bootwright: There is nothing to explain by the name "hw.scsi.blocksize". Did you mean "hw.scsi.block-size"?
  An id of "bootwright list", a test kernel, a verdict, the kind of a failure or console problem, an error or exit code.`,
	);
	t.deepEqual([exitCode, stdout], [2, '']);
});

test('a row of a person', async (t) => {
	const {stderr} = await explain('custom.no-swap');
	t.is(
		stderr,
		`bootwright: There is nothing to explain by the name "custom.no-swap".
  A row of your own is known to its scenario alone; reports call it by the title of that.`,
	);
});

test('a mutant, the way of dying and the problem on a console that bear its name', async (t) => {
	const {stdout} = await explain('panic');
	const [failure, problem, mutant] = stdout.split('\n\npanic · ');
	t.true(
		failure?.startsWith('panic · The kernel panicked\nHow a guest ends: failure.kind of result.json\n\nseen      '),
	);
	t.true(failure?.endsWith('\nexit      3; 1 where somebody had a shell before that'));
	t.is(
		problem,
		`The kernel, or its decompressor, stopped for good
Problem on a console

severity  fatal: the run ends at once
said by   Linux kernel/panic.c, arch/x86/kernel/traps.c
          Linux arch/x86/boot/compressed/error.c
see       the line in the report, and what stands around it at its offset in the
          log of the port
docs      docs/troubleshooting.md`,
	);
	t.is(
		mutant,
		`the kernel panics after somebody got in
Mutant: a guest that is wrong on purpose

change    echo c >/proc/sysrq-trigger
fails     boot.console-clean
guest     must not live to the end of the run
run       bootwright mutants --only panic`,
	);
});

test('an exit code, as JSON', async (t) => {
	const {stdout} = await explain('4', '--json');
	t.like(JSON.parse(stdout), {
		kind: 'exit-code',
		id: '4',
		title: 'the host or the harness failed',
		errors: 'host bug',
	});
});

test('a profile: what it extends, and what it says otherwise', async (t) => {
	const {stdout} = await explain('gce-uefi');
	t.is(
		stdout,
		`gce-uefi · Compute Engine instance with UEFI firmware
Profile: a machine

machine   2 vCPUs, 2048 MiB, UEFI, pc-i440fx-8.2
extends   gce
differs   firmware:
            uefi:
              code: /usr/share/OVMF/OVMF_CODE_4M.fd
              variables: /usr/share/OVMF/OVMF_VARS_4M.fd
file      qemu-profiles/gce-uefi.yaml
run       bootwright test IMAGE --profile gce-uefi
docs      docs/profiles.md`,
	);
	t.notRegex((await explain('gce')).stdout, /extends|differs/v);
});

test('a reference image and a test kernel, with and without "ref:", built or not', async (t) => {
	const {path: cache, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const env = {NO_COLOR: '1', XDG_CACHE_HOME: cache};
	const explained = async (id: string): Promise<string> =>
		(await execa(process.execPath, [program, 'explain', id], {env})).stdout;
	const image = await explained('ref:debian-12-xfs');
	t.is(await explained('debian-12-xfs'), image);
	t.regex(image, /^ref:debian-12-xfs · .+\nReference image\n\npackages {2}Debian bookworm, amd64: /v);
	t.regex(image, /^disk {6}\d+ MiB, xfs, MBR, started by a BIOS$/mv);
	t.regex(image, /^built {5}not yet: bootwright images build debian-12-xfs$/mv);
	const kernel = await explained('no-yama');
	t.is(await explained('ref:no-yama'), kernel);
	t.is(
		kernel,
		`no-yama · without Yama
Test kernel

differs   CONFIG_SECURITY_YAMA=n
fails     kernel.SECURITY_YAMA kernel.SECURITY_YAMA_STACKED
recipe    images/kernels/variants.yaml
built     not yet: bootwright images kernels no-yama
run       bootwright test --kernel ref:no-yama
docs      docs/kernels.md`,
	);
	t.regex(await explained('no-initrd'), /^guest {5}must not come up: panic, "Unable to mount root fs"$/mv);
	const folder = path.join(cache, 'bootwright/images', kernelDigest('no-yama') ?? '');
	await mkdir(folder, {recursive: true});
	await writeFile(path.join(folder, 'vmlinuz'), 'x'.repeat(2048));
	t.true((await explained('no-yama')).replaceAll(/\s+/gv, ' ').includes(` built 2.0 KiB: ${folder}/vmlinuz run `));
});

/** What reports and the program print, from where it is defined. */
const printed = async (): Promise<ReadonlySet<string>> => {
	const {stdout} = await execa(process.execPath, [program, 'list', '--json']);
	const listed = JSON.parse(stdout) as Readonly<Record<string, ReadonlyArray<{readonly id: string}>>>;
	const runs = [exampleRun, panicked, interrupted, unproved].map((events) => foldRun(events));
	const exits = exitMeanings.flatMap(({codes}): readonly number[] => codes);
	return new Set([
		...Object.values(listed).flatMap((entries) => entries.map(({id}) => id)),
		...Object.keys(kernelVariants()),
		...verdicts,
		...Object.keys(failureTexts),
		...Object.keys(exitCodes),
		...[...exits, ...Object.values(exitCodes), ...exits.map(bisectCode)].map(String),
		...alarmRules.map(({kind}) => kind),
		...runs.flatMap((run) =>
			findingsOf(run)
				.slice(0, 1)
				.flatMap(({id, kind}) => [id, kind]),
		),
		wholeRun,
	]);
};

test('nothing is left out: every id, verdict, way of dying, problem, error and exit code; and nothing is there that is not printed', async (t) => {
	const subjects = [...(await loadRequirements()), ...(await loadOthers())];
	const words = await printed();
	t.true(words.size > 400);
	t.deepEqual(words.difference(new Set(subjects.map(({id}) => id))), new Set());
	t.deepEqual(new Set(subjects.map(({id}) => id)).difference(words), new Set());
	const layout = layoutOf({color: false});
	for (const subject of subjects) {
		t.true(subject.title.length > 4, subject.id);
		t.true(renderSubject(subject, layout).split('\n').length > 4, subject.id);
		// A longer name would not stand beside its text.
		t.true(
			subject.entries.every(([name]) => name.length <= 9),
			subject.id,
		);
	}
});

test('the line of a run, and what "git bisect run" is told', async (t) => {
	t.regex((await explain('run')).stdout, /^run · Whether the guest came up and the run came to its end\n/v);
	t.regex((await explain('unproved')).stdout, /^unproved · No row could be observed\nError of the line "run"\n/v);
	t.regex((await explain('125')).stdout, /^125 · with --bisect: this commit cannot be judged/v);
});
