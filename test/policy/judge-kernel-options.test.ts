import test from 'ava';
import {type KernelOption, kernelId, kernelIds} from '../../harness/core/requirements/ids.ts';
import {type Lines, baseConfigs, withLines} from '../../harness/policy/base-configs.ts';
import {judgeKernelOptions} from '../../harness/policy/judge-kernel-options.ts';
import {parseKernelConfig} from '../../harness/policy/kernel-config.ts';
import {type KernelContext} from '../../harness/policy/kernel-rule.ts';

const booted: KernelContext = {
	release: '6.1.0-56-cloud-amd64',
	seenWorking: new Set<KernelOption>(['VIRTIO_PCI', 'SCSI_VIRTIO', 'VIRTIO_NET']),
	lsms: ['lockdown', 'capability', 'yama', 'apparmor'],
	yamaSysctl: true,
	offline: false,
};
const offline: KernelContext = {seenWorking: new Set(), offline: true};

type Change = {
	readonly base?: string;
	readonly lines?: Lines;
	readonly context?: Partial<KernelContext>;
	readonly offline?: true;
};

const judge = (option: KernelOption, {base = 'debian-6.1-cloud', lines = {}, context, ...rest}: Change = {}) => {
	const text = withLines(baseConfigs().get(base) ?? '', lines);
	const whole = {...(rest.offline === true ? offline : booted), ...context};
	const judgement = judgeKernelOptions(parseKernelConfig(text), whole).get(kernelId(option));
	return judgement && {verdict: judgement.verdict, reason: judgement.reason};
};

test('a driver as a module warns where its device worked in this boot, fails where it did not, warns offline', (t) => {
	t.deepEqual(judge('SCSI_VIRTIO'), {
		verdict: 'warn',
		reason: 'CONFIG_SCSI_VIRTIO=m, and the device that it drives works in this boot',
	});
	t.deepEqual(judge('SCSI_VIRTIO', {context: {seenWorking: new Set(['VIRTIO_PCI'])}}), {
		verdict: 'fail',
		reason: 'CONFIG_SCSI_VIRTIO=m, and the device that it drives was not seen working in this boot',
	});
	t.deepEqual(judge('SCSI_VIRTIO', {offline: true}), {
		verdict: 'warn',
		reason: 'CONFIG_SCSI_VIRTIO=m: needs the initramfs; prove it with `test`',
	});
	t.like(judge('SCSI_VIRTIO', {lines: {SCSI_VIRTIO: 'y'}}), {verdict: 'pass', reason: 'CONFIG_SCSI_VIRTIO=y'});
	t.like(judge('PCI_MSI', {lines: {PCI_MSI: 'm'}}), {verdict: 'fail', reason: 'CONFIG_PCI_MSI=m, required y'});
	t.like(judge('KVM_GUEST', {lines: {KVM_GUEST: undefined}}), {
		verdict: 'fail',
		reason: 'CONFIG_KVM_GUEST is absent, required y',
	});
});

test('without legacy devices the PCI driver drives nothing in the cloud', (t) => {
	t.deepEqual(judge('VIRTIO_PCI', {lines: {VIRTIO_PCI_LEGACY: 'n'}}), {
		verdict: 'fail',
		reason: "CONFIG_VIRTIO_PCI_LEGACY is not set: this kernel finds none of the cloud's devices",
	});
});

test('options that this kernel no longer has pass, with the change that took them', (t) => {
	t.is(
		judge('KVM_CLOCK')?.reason,
		'does not apply: part of CONFIG_KVM_GUEST since Linux 3.7, commit 90993cdd1800 ("x86: KVM guest: merge CONFIG_KVM_CLOCK into CONFIG_KVM_GUEST")',
	);
	t.is(
		judge('DEVKMEM')?.reason,
		'does not apply: removed in Linux 5.13, commit bbcd53c96071 ("drivers/char: remove /dev/kmem for good")',
	);
	t.is(judge('X86_PAE')?.reason, 'does not apply: a 64-bit kernel');
	t.like(judge('X86_PAE', {base: 'debian-6.1-686-pae', offline: true}), {verdict: 'pass', reason: 'CONFIG_X86_PAE=y'});
});

test('what is not there need not be protected', (t) => {
	t.deepEqual(judge('STRICT_DEVMEM', {lines: {DEVMEM: 'n', STRICT_DEVMEM: undefined}}), {
		verdict: 'pass',
		reason: 'stricter: this kernel has no /dev/mem',
	});
	t.like(judge('STRICT_DEVMEM', {lines: {STRICT_DEVMEM: undefined}}), {verdict: 'fail'});
	t.deepEqual(judge('DEBUG_SET_MODULE_RONX', {lines: {MODULES: 'n', STRICT_MODULE_RWX: undefined}}), {
		verdict: 'pass',
		reason: 'stricter: this kernel has no loadable modules',
	});
});

test('an address is a number', (t) => {
	const address = (value: string | undefined) =>
		judge('DEFAULT_MMAP_MIN_ADDR', {lines: {DEFAULT_MMAP_MIN_ADDR: value}});
	t.like(address('65537'), {verdict: 'pass', reason: 'CONFIG_DEFAULT_MMAP_MIN_ADDR=65537: stricter than 65536'});
	t.like(address('65535'), {verdict: 'fail'});
	t.like(address('n'), {verdict: 'fail'});
	t.like(address(undefined), {verdict: 'fail', reason: 'CONFIG_DEFAULT_MMAP_MIN_ADDR is absent, required 65536'});
});

test('the stack protector in each language', (t) => {
	const offlineWith = (base: string, lines: Lines = {}) => judge('CC_STACKPROTECTOR', {base, lines, offline: true});
	t.regex(
		offlineWith('linux-4.16')?.reason ?? '',
		/^CONFIG_CC_STACKPROTECTOR_\w+=y.*without a bare line since Linux 4\.16/v,
	);
	t.like(
		offlineWith('linux-4.16', {
			CC_STACKPROTECTOR_STRONG: 'n',
			CC_STACKPROTECTOR_REGULAR: 'n',
			CC_STACKPROTECTOR_AUTO: 'y',
		}),
		{
			verdict: 'pass',
		},
	);
	t.like(
		offlineWith('linux-4.16', {
			CC_STACKPROTECTOR_STRONG: 'n',
			CC_STACKPROTECTOR_REGULAR: 'n',
			CC_STACKPROTECTOR_AUTO: 'n',
			// The name of another age says nothing here.
			STACKPROTECTOR: 'y',
		}),
		{verdict: 'fail'},
	);
	t.like(offlineWith('linux-4.9'), {verdict: 'pass'});
	t.like(offlineWith('debian-6.1-cloud', {STACKPROTECTOR: 'n', STACKPROTECTOR_STRONG: undefined}), {
		verdict: 'fail',
		reason: 'CONFIG_STACKPROTECTOR is not set, required y',
	});
});

test('Yama is active by the list, else by its sysctl, else by the boot log', (t) => {
	const yama = (context: Partial<KernelContext>) => {
		const unknown = {lsms: undefined, yamaSysctl: undefined, yamaBootLog: undefined};
		return judge('SECURITY_YAMA_STACKED', {context: {...unknown, ...context}});
	};

	const active =
		'Yama is active; option removed in Linux 4.3, commit 730daa164e7c ("Yama: remove needless CONFIG_SECURITY_YAMA_STACKED")';
	t.deepEqual(yama({lsms: ['capability', 'yama']}), {verdict: 'pass', reason: active});
	t.deepEqual(yama({lsms: ['capability'], yamaSysctl: true}), {
		verdict: 'fail',
		reason: 'Yama is not among the active security modules',
	});
	t.deepEqual(yama({yamaSysctl: true}), {verdict: 'pass', reason: active});
	t.deepEqual(yama({yamaSysctl: false, yamaBootLog: true}), {verdict: 'pass', reason: active});
	t.deepEqual(yama({yamaSysctl: false}), {verdict: 'fail', reason: 'Yama is not active: its sysctl does not exist'});
	t.like(yama({}), {verdict: 'error'});
});

test('a configuration of another kernel, another machine, or only a part of one is an error in every row', (t) => {
	const all = (text: string, context = booted) =>
		new Set(
			judgeKernelOptions(parseKernelConfig(text), context)
				.values()
				.map(({verdict, reason}) => `${verdict}: ${reason}`),
		);
	const text = baseConfigs().get('debian-6.1-cloud') ?? '';
	t.deepEqual(
		all(text, {...booted, release: '6.12.1'})
			.values()
			.toArray(),
		['error: The kernel configuration cannot be judged: it is for Linux 6.1.176, and the kernel is 6.12.1'],
	);
	t.is(all(text).size > 1, true);
	t.deepEqual(
		[...all('# Linux/arm64 6.1.0 Kernel Configuration\nCONFIG_ARM64=y\n')],
		['error: The kernel configuration cannot be judged: it is for arm64, and the machine is an x86'],
	);
	t.deepEqual(judgeKernelOptions(parseKernelConfig(text), booted).keys().toArray(), [...kernelIds]);
});

test('where the version decides and nobody knows it, the row is an error with its cure', (t) => {
	const judgements = judgeKernelOptions(parseKernelConfig('CONFIG_X86=y\nCONFIG_KVM_GUEST=y\n'), offline);
	t.like(judgements.get('kernel.KVM_CLOCK'), {
		verdict: 'error',
		reason: 'CONFIG_KVM_CLOCK is absent, and whether this kernel has it is not known',
		fix: 'Keep the configuration’s header line (# Linux/x86 6.1.0 Kernel Configuration): it says which kernel it is for.',
	});
	t.is(judgements.get('kernel.KVM_GUEST')?.verdict, 'pass');
});

test('a kernel that is newer than the rules is judged, and says so', (t) => {
	const text = withLines(baseConfigs().get('debian-7.2-cloud') ?? '', {}).replace(
		/Linux\/x86 7\.2\S*/v,
		'Linux/x86 8.0.1',
	);
	const judgement = judgeKernelOptions(parseKernelConfig(text), offline).get('kernel.PCI_MSI');
	t.is(judgement?.verdict, 'pass');
	t.like(judgement?.evidence.at(-1), {observed: '8.0.1', holds: true});
});
