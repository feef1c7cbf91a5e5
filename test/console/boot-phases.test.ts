import test from 'ava';
import {type Seen, watchPieces} from './_watch.ts';

const phasesOf = (text: string): ReadonlyArray<readonly [string, string]> =>
	watchPieces([Buffer.from(text)]).phases.map(({phase, line}) => [phase, line]);
const names = ({phases}: Seen): readonly string[] => phases.map(({phase}) => phase);

const firmware = '\u001Bc\u001B[?7l\u001B[2J\u001B[0mSeaBIOS (version 1.16.3-debian)\r\n';
const kernel = '[    0.000000] Linux version 6.1.0-56-cloud-amd64 (gcc)\r\n';

const lines: Readonly<Record<string, readonly string[]>> = {
	firmware: ['SeaBIOS (version 1.16.3-debian-1.16.3-2)', 'BdsDxe: loading Boot0001 "UEFI QEMU HARDDISK"'],
	bootloader: [
		'GRUB loading...',
		'Welcome to GRUB',
		'                             GNU GRUB  version 2.06',
		'ISOLINUX 6.04 20200816 ETCD Copyright (C) 1994-2015 H. Peter Anvin et al',
		'SYSLINUX 6.04 EDD 6.04-pre1',
		'LILO 24.2',
		'Loading Linux 6.1.0-13-amd64 ...',
		"  Booting `Linux'",
		'Booting from Hard Disk...',
		'Booting from DVD/CD...',
		'Booting from 0000:7c00',
	],
	kernel: [
		'[    0.000000] Linux version 6.1.0-56-cloud-amd64',
		'Linux version 2.6.32-71.el6.x86_64',
		'[    0.000000][    T0] Linux version 6.12.1',
		'[    3.918574] /dev/root: Can’t open blockdev',
		'<3>[    0.912345] ACPI Error: AE_NOT_FOUND',
	],
	userspace: [
		'[    6.541717] Run /init as init process',
		'[    6.541717] Run /sbin/init as init process',
		'Loading, please wait...',
		'[    7.000000] systemd[1]: systemd 252.39 running in system mode (+PAM)',
		'Welcome to \u001B[1mDebian GNU/Linux 12 (bookworm)\u001B[0m!',
		'INIT: version 3.06 booting',
		'   OpenRC 0.45.2 is starting up Linux 5.15 (x86_64)',
		'init started: BusyBox v1.35.0 ()',
		'vm login: ',
		'login:',
	],
};

for (const [phase, examples] of Object.entries(lines)) {
	for (const line of examples) {
		test(`${phase}: ${line}`, (t) => {
			const seen = watchPieces([Buffer.from(`nothing yet\r\n${line}\r\n`)]);
			t.deepEqual(
				names(seen).filter((name) => name !== 'kernel' || phase === 'kernel'),
				[phase],
			);
			t.false(seen.phases[0]?.line.includes('\u001B'));
		});
	}
}

test('UEFI: what it tries one after the other is one start, what comes after a kernel another', (t) => {
	const tries = [
		'BdsDxe: loading Boot0001 "UEFI Google PersistentDisk "',
		'BdsDxe: starting Boot0001 "UEFI Google PersistentDisk "',
		'',
	].join('\r\n');
	const started = `\u001B[2J${tries}\u001B[0mWelcome to GRUB!\r\n${kernel}`;
	const seen = watchPieces([Buffer.from(`${started}${started}`)]);
	t.deepEqual(names(seen), ['firmware', 'bootloader', 'kernel', 'firmware', 'bootloader', 'kernel']);
});

test('no phase: what only looks like one', (t) => {
	t.deepEqual(
		phasesOf(
			[
				'Booting from ROM...', // direct kernel boot: no boot loader of the image
				'Last login: Wed Nov 25 13:00:00 UTC 2026 on ttyS0',
				'see the Linux version of it',
				'Run /usr/bin/foo to see',
				'[   12.000000] late',
				'see [    1.234567]: early',
			].join('\r\n'),
		),
		[],
	);
});

test('a firmware that finds nothing has not handed over to a boot loader', (t) => {
	const seen = phasesOf(
		`${firmware}Booting from Hard Disk...\r\nBoot failed: not a bootable disk\r\n\nNo bootable device.\r\n`,
	);
	t.deepEqual(
		seen.map(([phase]) => phase),
		['firmware'],
	);
});

test('the hand-over counts when the boot loader says something, or nothing more comes', (t) => {
	const seen = phasesOf(`${firmware}Booting from Hard Disk...\r\nGRUB loading...\r\n`);
	t.deepEqual(seen.at(-1), ['bootloader', 'Booting from Hard Disk...']);
	t.deepEqual(phasesOf(`${firmware}Booting from Hard Disk...\r\n`).at(-1), ['bootloader', 'Booting from Hard Disk...']);
});

test('every start is told again', (t) => {
	const boot = `${firmware}Booting from Hard Disk...\r\nGRUB loading...\r\n${kernel}[    1.0] more\r\nRun /init as init process\r\n`;
	t.deepEqual(names(watchPieces([Buffer.from(boot.repeat(3))])), [
		'firmware',
		'bootloader',
		'kernel',
		'userspace',
		'firmware',
		'bootloader',
		'kernel',
		'userspace',
		'firmware',
		'bootloader',
		'kernel',
		'userspace',
	]);
});

test('a boot loader after a kernel is another start, also where the firmware does not speak', (t) => {
	t.deepEqual(
		names(watchPieces([Buffer.from(`${kernel}GRUB loading...\r\n[    4.0] x\r\n[    4.123456] quiet\r\n`)])),
		['kernel', 'bootloader', 'kernel'],
	);
});

test('where the firmware speaks on another port, each "Linux version" is a start', (t) => {
	t.deepEqual(names(watchPieces([Buffer.from(kernel.repeat(3))])), ['kernel', 'kernel', 'kernel']);
});

test('a log that is shown again is no start', (t) => {
	t.deepEqual(names(watchPieces([Buffer.from(`${firmware}${kernel}vm login: \r\n# dmesg\r\n${kernel}`)])), [
		'firmware',
		'kernel',
		'userspace',
	]);
});
