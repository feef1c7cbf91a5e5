import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import type {Check} from '../../harness/setup/doctor/check.ts';
import {folder, script} from '../qemu/_script.ts';

const entry = path.resolve(import.meta.dirname, '../../harness/bootwright.js');

const doctor = async (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) =>
	execa(process.execPath, [entry, 'doctor', ...args], {reject: false, env: {NO_COLOR: '1', ...env}});

const checksOf = async (env: Readonly<Record<string, string>> = {}) => {
	const {stdout, exitCode} = await doctor(['--json'], env);
	const {checks} = JSON.parse(stdout) as {readonly checks: readonly Check[]};
	return {exitCode, checks, check: (id: string) => checks.find((one) => one.id === id)};
};

test('this host: everything that decides is there, and every lack comes with its cure', async (t) => {
	const {exitCode, checks} = await checksOf();
	t.is(exitCode, 0);
	t.deepEqual(
		checks.map(({id}) => id),
		[
			'qemu',
			'qemu.south-bridge',
			'accelerator',
			'process-memory',
			'packages.run',
			'packages.test',
			'firmware.uefi',
			'lab',
			'node',
			'disk.cache',
			'disk.temporary',
			'memory',
			'terminal',
		],
	);
	t.deepEqual(
		checks.filter(({essential, ok}) => essential && !ok),
		[],
	);
	t.deepEqual(
		checks.filter(({ok, cure = ''}) => !ok && cure === ''),
		[],
	);
	const accelerator = checks.find(({id}) => id === 'accelerator');
	t.regex(
		String(accelerator?.found),
		/^(?:kvm: proven on this host by a tiny guest|tcg: .+\. Boots take a few times longer than with KVM)$/u,
	);
});

test('for people: one line a check, marked', async (t) => {
	const {stdout} = await doctor();
	t.regex(stdout, /^✔ QEMU {19}\d+\.\d+\.\d+, /mu);
	t.regex(stdout, /^✔ PIIX4 south bridge {5}x-south-bridge=piix4-isa$/mu);
	t.regex(stdout, /^✔ Patching QEMU {10}the memory of a child can be written$/mu);
});

test('no QEMU: nothing can be tested', async (t) => {
	const {exitCode, check} = await checksOf({BOOTWRIGHT_QEMU: '/nonexistent/qemu-system-x86_64'});
	t.is(exitCode, 4);
	t.deepEqual(check('qemu'), {
		id: 'qemu',
		title: 'QEMU',
		ok: false,
		essential: true,
		found: '/nonexistent/qemu-system-x86_64 was not found',
		cure: 'Run harness/setup/setup.sh, or install qemu-system-x86 and qemu-utils (8.2 or newer) yourself.',
	});
	t.is(check('accelerator'), undefined);
});

test('a QEMU that was built without the bridge', async (t) => {
	const qemu = await script(
		await folder(t),
		'qemu-system-x86_64',
		'case $* in --version) echo QEMU emulator version 10.0.2 ;; *) exit 1 ;; esac',
	);
	const {exitCode, check} = await checksOf({BOOTWRIGHT_QEMU: qemu});
	t.is(exitCode, 4);
	t.like(check('qemu.south-bridge'), {
		ok: false,
		essential: true,
		found: `${qemu} cannot put a PIIX4 on its pc machine`,
		cure: 'sudo apt-get install qemu-system-x86 (or name another QEMU in BOOTWRIGHT_QEMU)',
	});
});

test('programs that are not there are named with their packages', async (t) => {
	const {check} = await checksOf({PATH: await folder(t)});
	const {cure} = check('packages.test') ?? {};
	t.regex(String(cure), /^sudo apt-get install --no-install-recommends .*\bmtools\b/u);
	t.like(check('lab'), {ok: false, cure: 'sudo apt-get install util-linux'});
	t.like(check('qemu'), {ok: false, found: 'qemu-system-x86_64 was not found'});
});
