import test from 'ava';
import {isRequirementId, requirements} from '../../../harness/core/requirements/catalogue.ts';
import {kernelHistory, newestVerifiedKernel} from '../../../harness/core/requirements/kernel-history.ts';
import {requirementIds} from '../../../harness/core/requirements/ids.ts';
import {sysctlFile} from '../../../harness/core/requirements/sysctl.ts';
import {requirementGroups} from '../../../harness/core/requirements/types.ts';

/** The contract, word for word: whoever changes this list breaks the result files of others. */
const contract = `
	hw.pci.isa-bridge hw.pci.acpi-bridge hw.net.identity hw.net.checksum hw.net.tso4 hw.net.gro4
	hw.scsi.identity hw.scsi.spc4 hw.scsi.sbc3 hw.scsi.single-queue hw.scsi.block-size hw.scsi.only-disks hw.scsi.hotplug
	hw.uart.ttyS0 hw.uart.ttyS1 hw.uart.ttyS2 hw.uart.ttyS3
	throughput.checksum throughput.tso4 throughput.gro4
	kernel.KVM_GUEST kernel.KVM_CLOCK kernel.VIRTIO_PCI kernel.SCSI_VIRTIO kernel.VIRTIO_NET kernel.PCI_MSI
	kernel.STRICT_DEVMEM kernel.DEVKMEM kernel.DEFAULT_MMAP_MIN_ADDR kernel.DEBUG_RODATA kernel.DEBUG_SET_MODULE_RONX
	kernel.CC_STACKPROTECTOR kernel.COMPAT_VDSO kernel.COMPAT_BRK kernel.X86_PAE kernel.SYN_COOKIES kernel.SECURITY_YAMA
	kernel.SECURITY_YAMA_STACKED
	sysctl.net.ipv4.tcp_syncookies
	sysctl.net.ipv4.conf.all.accept_source_route sysctl.net.ipv4.conf.default.accept_source_route
	sysctl.net.ipv4.conf.all.accept_redirects sysctl.net.ipv4.conf.default.accept_redirects
	sysctl.net.ipv4.conf.all.secure_redirects sysctl.net.ipv4.conf.default.secure_redirects
	sysctl.net.ipv4.ip_forward
	sysctl.net.ipv4.conf.all.send_redirects sysctl.net.ipv4.conf.default.send_redirects
	sysctl.net.ipv4.conf.all.rp_filter sysctl.net.ipv4.conf.default.rp_filter
	sysctl.net.ipv4.icmp_echo_ignore_broadcasts sysctl.net.ipv4.icmp_ignore_bogus_error_responses
	sysctl.net.ipv4.conf.all.log_martians sysctl.net.ipv4.conf.default.log_martians
	sysctl.net.ipv4.tcp_rfc1337 sysctl.kernel.randomize_va_space sysctl.fs.protected_hardlinks sysctl.fs.protected_symlinks
	sysctl.kernel.kptr_restrict sysctl.kernel.yama.ptrace_scope sysctl.kernel.perf_event_paranoid
	boot.reached-userspace boot.console-clean import.archive
`;

test('the ids are those of the contract, each once, in the order of reports', (t) => {
	t.deepEqual(requirementIds, contract.trim().split(/\s+/v));
	t.deepEqual(
		requirements.map(({id}) => id),
		requirementIds,
	);
	t.is(new Set(requirementIds).size, 64);
});

test('every requirement says what, why, how it is seen, how to mend it, and where it is written down', (t) => {
	const groups = requirementGroups.map(({id}) => id);
	for (const {id, group, title, why, observed, fix, source} of requirements) {
		t.true(groups.includes(group), id);
		t.true(title.length > 0 && title.length < 90, id);
		t.true(why.length > 40, id);
		t.true(observed.guest.length > 0, id);
		t.true(fix.length > 20, id);
		t.true(source.length >= 2 || source[0].length > 40, id);
	}

	// Rows come in the order of their groups, so that a report can print them one after the other.
	const order = requirements.map(({group}) => groups.indexOf(group));
	t.deepEqual(
		order,
		order.toSorted((a, b) => a - b),
	);
});

test('an id is told from another word', (t) => {
	t.true(isRequirementId('boot.console-clean'));
	t.false(isRequirementId('boot'));
});

test('a sysctl’s advice can be pasted', (t) => {
	const {fix, observed} = requirements.find(({id}) => id === 'sysctl.net.ipv4.conf.all.rp_filter')!;
	t.is(fix.split('\n', 1)[0], `echo 'net.ipv4.conf.all.rp_filter = 1' >> ${sysctlFile}`);
	t.is(
		observed.guest,
		'/proc/sys/net/ipv4/conf/all/rp_filter of the booted image, together with the value of each interface',
	);
});

test('every change of the kernel’s configuration is cited by release and commit', (t) => {
	for (const [name, {since, commit, subject}] of Object.entries(kernelHistory)) {
		t.regex(since, /^\d\.\d{1,2}$/v, name);
		t.regex(commit, /^[\da-f]{12}$/v, name);
		t.true(subject.length > 10, name);
	}

	t.regex(newestVerifiedKernel, /^\d\.\d{1,2}$/v);
});
