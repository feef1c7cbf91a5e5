import test from 'ava';
import {kernelHistory} from '../../harness/core/requirements/kernel-history.ts';
import {kernelAge} from '../../harness/policy/kernel-age.ts';
import {parseKernelConfig} from '../../harness/policy/kernel-config.ts';

const {kvmClockMerged, yamaStackedRemoved, stackProtectorRenamed, devkmemRemoved, rwxRenamed} = kernelHistory;
const age = (lines: string, release?: string) => kernelAge(parseKernelConfig(lines), release);

test('the running kernel’s word, else the header', (t) => {
	const text = '# Linux/x86 5.10.0 Kernel Configuration\nCONFIG_X86=y\n';
	t.false(age(text).has(devkmemRemoved));
	t.true(age(text, '6.1.0').has(devkmemRemoved));
	t.deepEqual(age(text).evidence(devkmemRemoved), {
		side: 'guest',
		what: 'kernel version',
		expected: 'before Linux 5.13, commit bbcd53c96071 ("drivers/char: remove /dev/kmem for good")',
		observed: '5.10.0',
		holds: true,
	});
});

test('without a version the options themselves are bounds', (t) => {
	const young = age('CONFIG_LSM="yama"\n');
	t.true(young.has(stackProtectorRenamed));
	t.is(young.has(devkmemRemoved), undefined);
	const old = age('# CONFIG_SECURITY_YAMA_STACKED is not set\n');
	t.true(old.has(kvmClockMerged));
	t.false(old.has(yamaStackedRemoved));
	const between = age('CONFIG_STRICT_KERNEL_RWX=y\nCONFIG_CC_STACKPROTECTOR=y\n');
	t.true(between.has(rwxRenamed));
	t.false(between.has(stackProtectorRenamed));
	t.is(
		between.evidence(stackProtectorRenamed).observed,
		'unknown; CONFIG_STRICT_KERNEL_RWX proves 4.11 or newer; CONFIG_CC_STACKPROTECTOR proves older than 4.18',
	);
	const unknown = age('CONFIG_X86=y\n');
	t.is(unknown.has(kvmClockMerged), undefined);
	t.like(unknown.evidence(kvmClockMerged), {observed: 'unknown', holds: false});
});

test('a kernel that is newer than the rules says so', (t) => {
	t.is(age('CONFIG_X86=y\n', '7.2.0').newer, undefined);
	t.like(age('CONFIG_X86=y\n', '7.3.1').newer, {
		what: 'kernel version, newer than 7.2 for which these rules were last verified',
		observed: '7.3.1',
		holds: true,
	});
});
