import test from 'ava';
import {kernelIds, requirementIds, sysctlIds} from '../../harness/core/requirements/ids.ts';
import {echoSerial} from '../../harness/machine/observe/serial-echo.ts';
import {parseSerialUse, serialUseCommand} from '../../harness/machine/observe/serial-users.ts';
import {type MachinePort} from '../../harness/machine/scenario.ts';
import {type ProbeMachine, bootProbeMachine} from './_probe-machine.ts';
import {type Outcome, runScenarios} from './_run-scenarios.ts';

const runAll = async (
	probe: ProbeMachine,
	options: {readonly ids?: RegExp; readonly bytes?: number} = {},
): Promise<Outcome> => runScenarios(probe, {ids: /./v, selected: requirementIds, ...options});

const withVerdict = ({rows}: Outcome, verdict: string): readonly string[] =>
	rows
		.entries()
		.filter(([, judgement]) => judgement.verdict === verdict)
		.map(([id]) => id)
		.toArray();

const reasonOf = ({rows}: Outcome, id: string): string | undefined => rows.get(id)?.reason;

/** Nobody judges these in this version, and the kernel of this machine is not the image's own. */
const skipped = new Set<string>([
	'hw.net.checksum',
	'hw.net.tso4',
	'hw.net.gro4',
	'throughput.checksum',
	'throughput.tso4',
	'throughput.gro4',
	'boot.reached-userspace',
]);
const modules = ['kernel.VIRTIO_PCI', 'kernel.SCSI_VIRTIO', 'kernel.VIRTIO_NET'];

test.serial('the right machine: every row is judged, and holds on both sides', async (t) => {
	await using probe = await bootProbeMachine();
	const before = await probe.guest.run(state);
	const outcome = await runAll(probe);
	t.deepEqual(withVerdict(outcome, 'fail'), []);
	t.deepEqual(withVerdict(outcome, 'error'), []);
	const skips = withVerdict(outcome, 'skip');
	t.deepEqual(
		requirementIds.filter((id) => skips.includes(id)),
		requirementIds.filter((id) => skipped.has(id)),
	);
	t.deepEqual(withVerdict(outcome, 'warn'), modules);
	t.deepEqual(
		requirementIds.filter((id) => !outcome.rows.has(id)),
		[],
	);
	t.deepEqual(outcome.notes, []);
	const hardware = requirementIds.filter((id) => id.startsWith('hw.') && !skipped.has(id));
	for (const id of hardware) {
		const sides = new Set(outcome.rows.get(id)?.evidence.map(({side}) => side));
		// The host would only repeat its own flag.
		const guestAlone = ['hw.scsi.spc4', 'hw.scsi.sbc3', 'hw.scsi.block-size'].includes(id);
		t.deepEqual(sides, guestAlone ? new Set(['guest']) : new Set(['guest', 'host']), id);
	}

	// The guest is left as it was.
	t.is((await probe.guest.run(state)).text, before.text);
});

test.serial('a port that takes nothing costs its own bytes alone, and leaves the guest as it was', async (t) => {
	await using probe = await bootProbeMachine();
	const look = `cat /proc/sys/kernel/printk; ps | grep -c '[h]ead -c 4096'; ${stopped}`;
	const before = await probe.guest.run(look);
	const [console, live] = [probe.machine.port('ttyS0')!, probe.machine.port('ttyS2')!];
	const dead: MachinePort = {
		write: () => undefined,
		rawTap: () => live.rawTap(),
		received: 0,
		lastByteAt: undefined,
	};
	using deadline = probe.deadline.within('uart', 40_000);
	const echoes = await echoSerial(probe.guest, {
		ports: [
			{name: 'ttyS2', port: dead},
			{name: 'ttyS0', port: console},
		],
		bytes: 4096,
		use: parseSerialUse((await probe.guest.run(serialUseCommand)).text),
		deadline,
	});
	t.like(echoes.get('ttyS2'), {arrived: undefined, isConsole: false, received: Buffer.alloc(0)});
	t.deepEqual(echoes.get('ttyS0')?.received, echoes.get('ttyS0')?.sent);
	t.is((await probe.guest.run(look)).text, before.text);
});

/** Processes that somebody stopped and forgot. */
const stopped =
	'for p in /proc/[0-9]*/stat; do read -r a b c d <"$p" && [ "$c" = T ] && echo "stopped: $a"; done 2>/dev/null; :';

/** Whatever the scenarios change for a while. */
const state = `cat /proc/sys/kernel/printk /sys/class/tty/ttyS[0-3]/rx_trig_bytes; stty -g </dev/ttyS0; stty -g </dev/ttyS2
${stopped}`;

test.serial('a machine and a guest that are wrong in every way: every row fails, with its reason', async (t) => {
	await using probe = await bootProbeMachine({
		overrides: {
			pci: {isaBridge: {revision: 0}, acpiBridge: {revision: 2}},
			disk: {
				legacy: false,
				numQueues: 4,
				hotplug: false,
				scsiVersion: 5,
				discardGranularity: 0,
				physicalBlockSize: 512,
			},
			network: {legacy: false},
			extraDisks: {cd: {kind: 'cdrom', scsiId: 3, sizeMiB: 1}},
			uarts: {ttyS0: {irq: 5}, ttyS1: {irq: 10}, ttyS2: {irq: 11}, ttyS3: null},
		},
	});
	await probe.guest.run(spoil);
	const outcome = await runAll(probe, {bytes: 16 * 1024 ** 2});
	t.deepEqual(
		requirementIds.filter((id) => outcome.rows.get(id)?.verdict !== 'fail'),
		[
			...requirementIds.filter((id) => skipped.has(id) && id !== 'boot.reached-userspace'),
			// The running kernel has no such option, whatever a file says.
			'kernel.KVM_CLOCK',
			'kernel.X86_PAE',
			// What is active is seen, not read from a file.
			'kernel.SECURITY_YAMA_STACKED',
			'boot.reached-userspace',
		].toSorted((a, b) => order(a) - order(b)),
	);
	const reasons: Readonly<Record<string, string>> = {
		'hw.pci.isa-bridge':
			'revision in PCI config space is 00, required 03 (guest); revision in PCI config space is 00, required 03 (host)',
		'hw.scsi.spc4':
			'byte 2 of the INQUIRY data is 05, required 06 (guest); scsi_level that the kernel made of it is 6, required 7 (guest)',
		'hw.scsi.sbc3': 'LBPME of READ CAPACITY(16) is 0, required 1 (guest)',
		'hw.scsi.single-queue':
			'hardware queues of the adapter is 2, required 1 (guest); virtqueues (control, event, request) is 6, required 3 (host)',
		'hw.scsi.block-size': 'physical block size of sda is 512, required 4096 (guest)',
		'hw.scsi.only-disks':
			'SCSI type of 0:0:3:0 is 5, required 0 (disk) (guest); device cd on the adapter is scsi-cd, required scsi-hd (host)',
		'hw.scsi.hotplug':
			'disk that was plugged at SCSI target 8 is absent after 5.0 s, required there (guest); feature bit HOTPLUG is not negotiated, required negotiated (host)',
		'hw.uart.ttyS0': 'IRQ is 5, required 4 (guest)',
		'hw.uart.ttyS3':
			'chip that the driver found for ttyS3 is absent, required 16550A (guest); I/O port is absent, required 0x2e8 (guest); IRQ is absent, required 7 (guest)',
		'kernel.SYN_COOKIES': 'CONFIG_SYN_COOKIES is not set, required y',
		'sysctl.kernel.randomize_va_space': 'kernel.randomize_va_space is 1, required 2',
	};
	for (const [id, reason] of Object.entries(reasons)) {
		t.is(reasonOf(outcome, id), reason);
	}

	t.regex(
		reasonOf(outcome, 'boot.console-clean') ?? '',
		/^oops on ttyS0: ".*BUG: unable to handle page fault for address/v,
	);
});

const order = (id: string): number => (requirementIds as readonly string[]).indexOf(id);

/** Every sysctl weakened, a configuration with every option wrong, the interface down, and a complaint on the console. */
const spoil = String.raw`
# First: it sets others.
echo 1 >/proc/sys/net/ipv4/ip_forward
for key in ${sysctlIds.map((id) => id.slice('sysctl.'.length).replaceAll('.', '/')).join(' ')}; do
	read -r value </proc/sys/$key
	case $key in */ip_forward) continue;; */rp_filter) value=2;; *) if [ "$value" = 0 ]; then value=1; else value=$((value - 1)); fi;; esac
	echo $value >/proc/sys/$key
done
sed -i ${kernelIds.map((id) => `-e 's/^CONFIG_${id.slice('kernel.'.length)}=.*/# & was/'`).join(' ')} /boot/config-*
sed -i -e 's/^CONFIG_STRICT_\(KERNEL\|MODULE\)_RWX=y//' -e 's/^CONFIG_STACKPROTECTOR.*//' /boot/config-*
sed -i -e 's/^# \(CONFIG_[A-Z0-9_]*\)=.* was$/# \1 is not set/' /boot/config-*
printf 'CONFIG_DEVKMEM=y\nCONFIG_COMPAT_VDSO=y\nCONFIG_COMPAT_BRK=y\n' >>$(echo /boot/config-*)
ip link set ens4 down
echo 'BUG: unable to handle page fault for address 0000000000001000' >/dev/kmsg`;

test.serial('whoever else uses a port is no broken port', async (t) => {
	await using probe = await bootProbeMachine();
	await probe.guest.run(
		'cat /dev/ttyS2 >/tmp/eaten & (while :; do echo noise >/dev/ttyS0; usleep 50000; done) >/dev/null 2>&1 &',
	);
	const outcome = await runAll(probe, {ids: /^uart$/v});
	t.deepEqual(withVerdict(outcome, 'pass'), ['hw.uart.ttyS0', 'hw.uart.ttyS1', 'hw.uart.ttyS2', 'hw.uart.ttyS3']);
	t.deepEqual(outcome.notes, [
		"The image kept writing to ttyS0 while it was tested; the test's own bytes all came through",
	]);
	t.regex(outcome.rows.get('hw.uart.ttyS0')?.evidence.at(-1)?.observed ?? '', /^all there, among \d+ other bytes$/v);
	// The reader runs on, and got nothing of the test.
	t.is((await probe.guest.run('wc -c </tmp/eaten; pidof cat | wc -w')).text, '0\n1');
});
