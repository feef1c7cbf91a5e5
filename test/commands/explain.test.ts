import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';

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
		'bootwright: Unknown requirement "hw.scsi.blocksize". Did you mean "hw.scsi.block-size"?\n  bootwright list requirements',
	);
	t.deepEqual([exitCode, stdout], [2, '']);
});
