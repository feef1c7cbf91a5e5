import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {requirementIds} from '../../harness/core/requirements/ids.ts';

const program = path.resolve(import.meta.dirname, '../../harness/bootwright.js');
const list = async (...args: readonly string[]) =>
	execa(process.execPath, [program, 'list', ...args], {reject: false, env: {NO_COLOR: '1'}});

type Entry = {readonly id: string; readonly title: string; readonly group?: string; readonly rows?: readonly string[]};

test('everything, as JSON', async (t) => {
	const {stdout, exitCode} = await list('--json');
	t.is(exitCode, 0);
	const lists = JSON.parse(stdout) as Readonly<Record<string, readonly Entry[]>>;
	t.deepEqual(Object.keys(lists), ['requirements', 'scenarios', 'profiles', 'images', 'mutants']);
	t.deepEqual(
		lists['requirements']?.map(({id}) => id),
		requirementIds,
	);
	const {scenarios = [], mutants = []} = lists;
	// Whatever is required is settled by exactly one scenario.
	const settled = scenarios.flatMap(({rows = []}) => rows);
	t.deepEqual(
		settled.toSorted((a, b) => a.localeCompare(b)),
		[...requirementIds].toSorted((a, b) => a.localeCompare(b)),
	);
	t.is(scenarios.at(-1)?.id, 'boot');
	t.true(mutants.length > 300);
	t.true(mutants.every(({rows = []}) => rows.every((row) => (requirementIds as readonly string[]).includes(row))));
	t.deepEqual(lists['profiles'], [
		{id: 'gce', title: 'Compute Engine instance'},
		{id: 'gce-uefi', title: 'Compute Engine instance with UEFI firmware'},
	]);
});

test('one list for a person', async (t) => {
	const {stdout} = await list('requirements');
	const lines = stdout.split('\n');
	t.deepEqual(lines.slice(0, 2), [
		'PCI bridges',
		'  hw.pci.isa-bridge   Intel 82371AB/EB/MB PIIX4 ISA, 8086:7110, revision 03',
	]);
	t.true(lines.includes('  sysctl.net.ipv4.conf.default.accept_source_route   Must be 0'));
	t.true(lines.every((line) => line.length <= 80));
	t.true((await list('scenarios')).stdout.startsWith('  hotplug '));
	t.regex((await list('images')).stdout, /^ {2}ref:debian-12 /mv);
	t.regex(
		(await list('mutants')).stdout,
		/^Machines\n {2}num-queues-4 +the SCSI adapter has four request queues\n +\(hw\.scsi\.single-queue\)$/mv,
	);
});

test('an unknown list', async (t) => {
	const {stderr, exitCode} = await list('senarios');
	t.is(exitCode, 2);
	t.is(
		stderr,
		'bootwright: There is no list of "senarios". Did you mean "scenarios"?\n  bootwright list [requirements|scenarios|profiles|images|mutants]',
	);
});
