import {readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {alarmRules} from '../../harness/console/judge-line.ts';
import {problemsOf, watchPieces} from './_watch.ts';

/** Lines as kernels, boot loaders and init systems of many versions wrote them: kind → lines. */
const alarming: Readonly<Record<string, readonly string[]>> = {
	'root-mount': [
		'[    1.680533] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)', // 6.1, arm64
		'Kernel panic: VFS: Unable to mount root fs on 08:01', // 2.4
	],
	panic: [
		'[    2.266306] Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b',
		'[    0.000000] Kernel panic - not syncing: init_resources: Failed to allocate 160 bytes', // 5.12, riscv
		'Kernel panic - not syncing: No working init found.  Try passing init= option to kernel.',
		'Kernel panic - not syncing: stack-protector: Kernel stack is corrupted in: vprintk_emit+0x764/0x770', // 6.11
		'<0>Kernel panic - not syncing: Fatal exception', // console_msg_format=syslog, printk.time=0
		'<0>[    5.561095] Kernel panic - not syncing: Fatal exception',
		'[   12.345678][    T1] Kernel panic - not syncing: sysrq triggered crash', // CONFIG_PRINTK_CALLER
		'[   31.100000] ---[ end Kernel panic - not syncing: Asynchronous SError Interrupt ]---',
		'PANIC: double fault, error_code: 0x0',
		'[    1.234567] traps: PANIC: double fault, error_code: 0x0',
		'debian login: [   45.123456] Kernel panic - not syncing: Fatal exception in interrupt',
		' -- System halted',
	],
	'init-frozen': [
		'[    1.438281] systemd[1]: Freezing execution.',
		'[\u001B[0;1;31m!!!!!!\u001B[0m] Failed to mount API filesystems, freezing.',
	],
	'initramfs-prompt': [
		'ALERT!  UUID=00000000-1e3a-4f86-b0a4-2f5e6d7c12e2 does not exist.  Dropping to a shell!',
		'(initramfs) ',
		'(initramfs) [    9.112233] random: crng init done',
		"initramfs emergency recovery shell launched. Type 'exit' to continue boot", // Alpine
		'You are now being dropped into an emergency shell.', // Arch
	],
	'emergency-shell': [
		'You are in emergency mode. After logging in, type "journalctl -xb" to view',
		'You are in rescue mode. After logging in, type "journalctl -xb" to view',
		'Welcome to emergency mode! After logging in, type "journalctl -xb" to view', // systemd 215
		'[\u001B[0;32m  OK  \u001B[0m] Started \u001B[0;1;39memergency.service\u001B[0m - Emergency Shell.', // 252
		'         Starting Dracut Emergency Shell...',
		'[  OK  ] Started Emergency Shell.', // 215
		'Entering emergency mode. Exit the shell to continue.', // dracut
		'[    3.214365] dracut: Refusing to continue',
		'Press Enter for emergency shell or wait 4 minutes 50 seconds for reboot.', // Fedora CoreOS
		'Press Enter for maintenance',
		'Press enter for maintenance', // upstart
		'Give root password for maintenance',
		'Give root password for system maintenance', // busybox
		'Cannot open access to console, the root account is locked.',
	],
	'bootloader-prompt': ['grub> ', 'grub rescue> ', 'grub> ls (hd0,msdos1)/'],
	'bootloader-error': [
		'  Failed to boot both default and fallback entries.',
		'GRUB Hard Disk Error',
		'GRUB Geom Error',
		'Missing operating system.', // syslinux mbr.bin
		'Invalid partition table!',
		'Error loading operating system',
		'ERROR: No configuration file found', // syslinux
	],
	'no-bootable-device': [
		'No bootable device.',
		'No bootable device.  Retrying in 60 seconds.',
		'BdsDxe: No bootable option or device was found.',
		'BdsDxe: starting Boot0002 "EFI Internal Shell" from Fv(7CB8BDC9-F8EB-4F34-AAEA-3EE4AF6516A1)/FvFile(7C04A583-9E3E-4F1C-AD65-E05268D0B4D1)',
	],
	oops: [
		'[    4.021394] BUG: kernel NULL pointer dereference, address: 0000000000000028', // 5.x
		'[  101.000000] BUG: unable to handle page fault for address: ffffc90000f7d000',
		'[  101.000000] BUG: unable to handle kernel NULL pointer dereference at 0000000000000008', // 4.x
		'[   12.000000] Unable to handle kernel paging request at virtual address ffff000008f2c000', // arm64
		'[    4.021394] Oops: 0002 [#1] PREEMPT SMP PTI',
		'[    4.021394] Oops: Oops: 0000 [#1] PREEMPT SMP', // 6.9
		'[    4.021394] Internal error: Oops - BUG: 00000000f2000800 [#1] PREEMPT SMP', // arm64
		'[    4.021394] divide error: 0000 [#1] SMP',
		'[    4.021394] invalid opcode: 0000 [#1] SMP NOPTI',
		'[    4.021394] Oops: invalid opcode: 0000 [#1] PREEMPT SMP', // 6.9
	],
	bug: [
		'[  134.259764] kernel BUG at kernel/sched/deadline.c:63!',
		'[  221.337654] BUG: KASAN: slab-use-after-free in vhost_net_ioctl+0x1d8c/0x1dc0',
		'[   42.000000] BUG: KFENCE: out-of-bounds read in test_out_of_bounds_read+0xa6/0x234',
		'[   42.000000] BUG: scheduling while atomic: swapper/0/1/0x00000002',
		'[   42.000000] BUG: sleeping function called from invalid context at mm/slab.h:421',
		'[   42.000000] BUG: TASK stack guard page was hit at 00000000a1b2c3d4 (stack is 00000000e5f60718..0000000011223344)', // 5.15
		'[   42.000000] BUG: Bad page state in process kworker/0:1  pfn:1234',
		'[   42.000000] BUG: Bad rss-counter state mm:00000000 type:MM_ANONPAGES val:1',
	],
	gpf: [
		'[   24.898489][   T35] Oops: general protection fault, probably for non-canonical address 0xdffffc000000001c: 0000 [#1] PREEMPT SMP KASAN PTI', // 6.10
		'[   24.898489] general protection fault, probably for non-canonical address 0xdead000000000122: 0000 [#1] SMP', // 5.10
		'[   24.898489] general protection fault: 0000 [#1] SMP', // 4.x
	],
	ubsan: ['[    0.512345] UBSAN: array-index-out-of-bounds in fs/bcachefs/io_write.c:1293:45'],
	'hung-task': [
		'[721257.851100] INFO: task mysqld:6614 blocked for more than 120 seconds.', // 6.8
		'[  363.661448] INFO: task kworker/u16:4:295 blocked for more than 120 seconds.', // 5.17
		'[  363.661448] INFO: task jbd2/sda1-8:101 blocked in I/O wait for more than 120 seconds.',
	],
	'rcu-stall': [
		'[   88.408578] rcu: INFO: rcu_sched detected stalls on CPUs/tasks:', // 5.18
		'[  850.962530] INFO: rcu_sched detected stalls on CPUs/tasks:', // 3.x
		'[ 1442.227095] rcu: INFO: rcu_sched self-detected stall on CPU', // 5.3
		'[   90.000000] rcu: INFO: rcu_preempt detected expedited stalls on CPUs/tasks: { 1-... } 21 jiffies s: 73 root: 0x2/.',
	],
	lockup: [
		'[ 6580.173598] watchdog: BUG: soft lockup - CPU#1 stuck for 23s! [WorkerPool/7703:7703]', // 5.2
		'[   28.000000] NMI watchdog: BUG: soft lockup - CPU#31 stuck for 23s! [kworker/u642:5:1720]', // 4.10
		'[   28.000000] BUG: soft lockup - CPU#0 stuck for 22s! [modprobe:123]', // 3.x
		'[   28.000000] watchdog: Watchdog detected hard LOCKUP on cpu 3',
		'[   28.000000] watchdog: CPU3: Watchdog detected hard LOCKUP on cpu 3',
		'[   28.000000] BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 33s!',
	],
	'io-error': [
		'[1712651.716133] I/O error, dev sda, sector 13765461792 op 0x0:(READ) flags 0x0 phys_seg 4 prio class 0', // 6.x
		'[68408.122305] blk_update_request: I/O error, dev sda, sector 2176', // 4.x, 5.x
		'[ 5776.923058] end_request: I/O error, dev sda, sector 286244915', // 2.6
		'[19069.812564] print_req_error: I/O error, dev sda, sector 0', // 4.17
		'[   10.000000] critical medium error, dev sda, sector 1234 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 2',
		'[   10.000000] critical space allocation error, dev sdb, sector 4096 op 0x1:(WRITE) flags 0x0 phys_seg 1 prio class 0',
		'[   10.000000] Buffer I/O error on dev dm-3, logical block 1310720, lost async page write',
		'[   10.000000] Buffer I/O error on device sda1, logical block 0', // 2.6
		'[   10.000000] sd 0:0:1:0: [sda] tag#9 rejecting I/O to offline device',
		'[   10.000000] sd 0:0:1:0: rejecting I/O to offline device',
	],
	'fs-error': [
		'[   10.000000] EXT4-fs error (device sda1): ext4_lookup:1785: inode #2: comm ls: deleted inode referenced: 12',
		'[   10.000000] BTRFS error (device sda1): bad tree block start, want 30408704 have 0',
		'[   10.000000] XFS (sda1): Internal error XFS_WANT_CORRUPTED_GOTO at line 1234 of file fs/xfs/libxfs/xfs_alloc.c',
		'[   10.000000] XFS (sda1): Metadata corruption detected at xfs_agi_verify+0x81/0x120 [xfs], xfs_agi block 0x2',
		'[   10.000000] XFS (sda1): metadata I/O error in "xfs_trans_read_buf_map" at daddr 0x2 len 1 error 74',
	],
	oom: [
		'[  581.376828] python invoked oom-killer: gfp_mask=0x100cca(GFP_HIGHUSER_MOVABLE), order=0',
		'[64377.426677] apt-check invoked oom-killer: gfp_mask=0x201da, order=0, oom_adj=0', // 2.6.30
	],
	'netdev-watchdog': [
		'[   61.000000] NETDEV WATCHDOG: eth2 (igb): transmit queue 4 timed out',
		'[   61.000000] virtio_net virtio1 ens4: NETDEV WATCHDOG: CPU: 0: transmit queue 0 timed out 5000 ms', // 6.5
	],
	warning: [
		'[    0.000000] WARNING: CPU: 0 PID: 0 at arch/x86/kernel/cpu/common.c:1800 setup_cpu+0x1/0x2', // 3.12 to 6.18
		'[    0.000000][    T0] WARNING: arch/powerpc/include/asm/io.h:879 at virt_to_phys+0x44/0x1b8, CPU#0: swapper/0', // 6.19
		'[    0.000000] WARNING: at kernel/smp.c:291 smp_call_function_single+0x12d/0x130()', // 3.2
	],
	lockdep: [
		'[    3.000000] WARNING: possible circular locking dependency detected',
		'[    3.000000] WARNING: suspicious RCU usage',
		'[    3.000000] [ BUG: Invalid wait context ]',
	],
	'ordering-cycle': [
		'[\u001B[0;1;31m SKIP \u001B[0m] Ordering cycle found, skipping \u001B[0;1;39mLogin Prompts\u001B[0m',
		'[    5.000000] systemd[1]: multi-user.target: Job getty.target/start deleted to break ordering cycle starting with multi-user.target/start',
		'[    5.000000] systemd[1]: sysinit.target: Found ordering cycle on local-fs.target/start',
	],
};

for (const [kind, lines] of Object.entries(alarming)) {
	for (const line of lines) {
		test(`${kind}: ${line.slice(0, 110)}`, (t) => {
			const seen = problemsOf(`before\r\n${line}\r\nafter\r\n`);
			t.deepEqual(
				seen.map(([found]) => found),
				[kind],
			);
		});
	}
}

test('every kind of alarm has a line here', (t) => {
	const sorted = (kinds: Iterable<string>): string[] => [...new Set(kinds)].toSorted((a, b) => a.localeCompare(b));
	t.deepEqual(sorted(Object.keys(alarming)), sorted(alarmRules.map(({kind}) => kind)));
});

test('docs/troubleshooting.md names every kind', (t) => {
	const docs = readFileSync(path.join(import.meta.dirname, '../../docs/troubleshooting.md'), 'utf8');
	for (const {kind, severity} of alarmRules) {
		t.regex(docs, new RegExp(`^\\|.*\`${kind}\`.*\\| ${severity} `, 'm'));
	}
});

/** What looks like trouble and is none. */
const quiet: readonly string[] = [
	'[    0.224466] Spectre V2 : WARNING: Unprivileged eBPF is enabled with eIBRS on, data leaks possible via Spectre v2 BHB attacks!',
	'[    0.224466] MDS: WARNING: See https://www.kernel.org/doc/html/latest/admin-guide/hw-vuln/mds.html for mitigation options.',
	'[   10.000000] INFO: lockdep is turned off.',
	'[   10.000000] rcu: INFO: Stall ended before state dump start',
	'[    1.000000] blk_update_request: I/O error, dev fd0, sector 0',
	'[    1.000000] Buffer I/O error on dev fd0, logical block 0, async page read',
	'[    0.028000] ..MP-BIOS bug: 8254 timer not connected to IO-APIC',
	'[    0.000000] Kernel command line: panic=1 oops=panic console=ttyS0',
	'[    1.000000] systemd[1]: Listening on fsck to fsckd communication Socket.',
	'[    2.000000] EXT4-fs (sda1): mounted filesystem with ordered data mode. Quota mode: none.',
	'[    2.000000] traps: python3[123] general protection fault ip:7f0 sp:7ffc error:0 in libc.so.6[7f0+195000]',
	'Boot failed: not a bootable disk',
	'BdsDxe: starting Boot0001 "UEFI Google PersistentDisk " from PciRoot(0x0)/Pci(0x3,0x0)/Scsi(0x1,0x0)',
	'BdsDxe: failed to load Boot0001 "UEFI Google PersistentDisk " from PciRoot(0x0)/Pci(0x3,0x0)/Scsi(0x1,0x0): Not Found',
	'[    5.000000] Missing operating system',
	'Last login: Wed Nov 25 13:00:00 UTC 2026 on ttyS0',
	'Begin: Running /scripts/init-premount ... done.',
	'Warning: fsck not present, so skipping root file system',
	'GRUB loading...',
	'Welcome to GRUB!',
	'The manual says: Kernel panic - not syncing: VFS: Unable to mount root fs',
	'grep: (initramfs) not found',
	'echo "You are in emergency mode"',
	'BUG: this is how our program reports its own',
	'WARNING: apt does not have a stable CLI interface. Use with caution in scripts.',
];

for (const line of quiet) {
	test(`not alarming: ${line.slice(0, 110)}`, (t) => {
		t.deepEqual(problemsOf(`${line}\r\n`), []);
	});
}

test('once the kernel stamps its lines, programs that quote it or a boot loader are not taken for them', (t) => {
	const stamped = '[    0.000000] Linux version 6.1.0\r\n';
	const quoted = [
		'kernel BUG at mm/slub.c:1!',
		'I/O error, dev sda, sector 1',
		'grub> ',
		'Missing operating system',
		'INFO: task a:1 blocked for more than 120 seconds.',
	];
	t.is(problemsOf(quoted.join('\n')).length, 5);
	t.deepEqual(problemsOf(`${stamped}${quoted.join('\r\n')}`), []);
	t.is(problemsOf(`${stamped}Kernel panic - not syncing: Fatal exception\r\n`).length, 1, 'but a panic counts always');
});

test('a panic that says that the root file system cannot be mounted is one problem', (t) => {
	const panic = 'Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)';
	t.deepEqual(problemsOf(`[    1.0] x\n[    1.731489] ${panic}\r\n[    1.739940] ---[ end ${panic} ]---\r\n`), [
		['root-mount', `[    1.731489] ${panic}`],
	]);
});

const block = (stamp: string, lines: readonly string[]): string => lines.map((line) => `${stamp}${line}\r\n`).join('');

test('an oops is one problem from its first line to the end of its trace', (t) => {
	const oops = block('[    4.021394] ', [
		'BUG: kernel NULL pointer dereference, address: 0000000000000028',
		'#PF: supervisor write access in kernel mode',
		'Oops: 0002 [#1] PREEMPT SMP PTI',
		'RIP: 0010:netdev_need_ops_lock+0x3b/0xa50',
		'---[ end trace 0000000000000000 ]---',
	]);
	t.deepEqual(
		problemsOf(oops + oops).map(([kind]) => kind),
		['oops', 'oops'],
	);
});

test('a BUG_ON, a warning and a transmit time-out are one problem each', (t) => {
	const cut = '------------[ cut here ]------------';
	const end = '---[ end trace 0000000000000000 ]---';
	const text = block('[  134.259764] ', [
		cut,
		'kernel BUG at kernel/sched/deadline.c:63!',
		'invalid opcode: 0000 [#1] SMP NOPTI',
		end,
		cut,
		'refcount_t: underflow; use-after-free.',
		'WARNING: CPU: 0 PID: 12 at lib/refcount.c:28 refcount_warn_saturate+0xba/0x110',
		end,
		cut,
		'NETDEV WATCHDOG: ens4 (virtio_net): transmit queue 0 timed out',
		'WARNING: CPU: 0 PID: 0 at net/sched/sch_generic.c:525 dev_watchdog+0x1f6/0x200',
		end,
	]);
	t.deepEqual(
		problemsOf(text).map(([kind]) => kind),
		['bug', 'warning', 'netdev-watchdog'],
	);
});

test('a block without an end does not swallow what comes later', (t) => {
	const oops = '[    4.021394] BUG: kernel NULL pointer dereference, address: 0000000000000028\r\n';
	const late = '[   99.000000] Oops: 0002 [#1] PREEMPT SMP PTI\r\n';
	t.is(problemsOf(oops + 'x\r\n'.repeat(1000) + late).length, 1);
	t.is(problemsOf(oops + 'x\r\n'.repeat(8000) + late).length, 2);
});

test('of a million oopses twenty are told, and a panic after them still is', (t) => {
	const oops = '[    4.021394] BUG: kernel NULL pointer dereference, address: 0000000000000028\r\n';
	const seen = problemsOf(`${oops.repeat(100_000)}[    5.000000] Kernel panic - not syncing: Fatal exception\r\n`);
	t.deepEqual(
		seen.map(([kind]) => kind),
		[...Array.from({length: 20}, () => 'oops'), 'panic'],
	);
});

test('a fatal problem is told again when the guest starts again', (t) => {
	const start = '\u001Bc\u001B[2JSeaBIOS (version 1.16.3)\r\nGRUB loading...\r\n';
	const panic = '[    1.000000] Kernel panic - not syncing: Attempted to kill init!\r\n';
	t.is(problemsOf((start + panic + panic).repeat(2)).length, 2);
});

test('after a restart the boot loader counts again, and what bears no time', (t) => {
	const start = '\u001Bc\u001B[2JSeaBIOS (version 1.16.3)\r\n';
	t.deepEqual(
		problemsOf(`${start}[    0.000000] Linux version 6.1.0\r\n${start}kernel BUG at mm/slub.c:1!\r\ngrub> \r\n`).map(
			([kind]) => kind,
		),
		['bug', 'bootloader-prompt'],
	);
});

test('a long line is cut, in whole characters, and the offset is that of its first byte', (t) => {
	const line = `[    1.000000] WARNING: CPU: 0 PID: 0 at ${'🐧'.repeat(500)}`;
	const {problems} = watchPieces([Buffer.from(`one…\r\n\u001B[0m${line}\r\n`)]);
	t.is(problems[0]?.offset, 8);
	t.is(problems[0]?.severity, 'warning');
	t.regex(problems[0]?.line ?? '', /^\[ {4}1\.000000\] WARNING: CPU: 0 PID: 0 at 🐧{129}…$/u);
});

test('what the kernel says in the middle of a line is shown from there on', (t) => {
	t.deepEqual(problemsOf('vm login: [   45.123456] Kernel panic - not syncing: Fatal exception\r\n'), [
		['panic', '[   45.123456] Kernel panic - not syncing: Fatal exception'],
	]);
});
