import {randomBytes} from 'node:crypto';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {deadGuest, init} from './_dead-guest.ts';
import {judge, leftBehind, openPlace} from './_program.ts';

test.serial(
	'a kernel that panics',
	deadGuest,
	{append: 'console=ttyS0 root=/dev/nonexistent rdinit=/nonexistent'},
	{
		kind: 'panic',
		message: /The kernel could not mount its root file system on ttyS0: ".*Unable to mount root fs/,
	},
);

test.serial(
	'stops in GRUB',
	deadGuest,
	{menu: 'set timeout=0\nfalse\n'},
	{
		kind: 'boot-loader',
		message: /The boot loader stopped at its prompt on ttyS0: "grub>/,
	},
);

test.serial(
	'stops in the initramfs',
	deadGuest,
	{
		files: init(
			'exec </dev/ttyS0 >/dev/ttyS0 2>&1',
			'echo "ALERT!  /dev/sda9 does not exist.  Dropping to a shell!"',
			"PS1='(initramfs) ' exec sh -i",
		),
	},
	{
		kind: 'initramfs',
		message: /The boot stopped in the initramfs on ttyS0/,
	},
);

test.serial(
	'reboots for ever',
	deadGuest,
	{files: init('reboot -f')},
	{
		kind: 'boot-loop',
		message: /The kernel started for the third time and nobody got in/,
	},
);

test.serial(
	'switches itself off',
	deadGuest,
	{files: init('poweroff -f')},
	{
		kind: 'powered-off',
		message: /The guest powered the machine off/,
	},
);

test.serial(
	'hangs silently',
	deadGuest,
	{files: init('sleep 10000')},
	{
		kind: 'hang',
		message: /The guest hangs: no byte on any port and no disk or network request for \d/,
		options: ['--access', 'shell', '--timeout-scale', '0.1'],
	},
);

test.serial(
	'refuses the login',
	deadGuest,
	{
		files: {
			'etc/inittab': 'ttyS0::respawn:/bin/getty -L 115200 ttyS0 vt100\n',
			// The password is "bootwright"; the one that is given is empty.
			'etc/shadow':
				'root:$6$bootwright$/f3wHQVdfuL52OjVZNgVSFyf7PqpJhda1wmEWcHbX3eB4fbCrTRGd8UDQKyQguwEKZpHM49k5UttP1CBnKa6c.:19000:0:99999:7:::\n',
		},
	},
	{
		kind: 'login-refused',
		message: /The login of root on ttyS0 was refused: "Login incorrect"/,
		options: ['--user', 'root', '--password-file', '/dev/null'],
	},
);

test.serial('garbage that looks like a boot sector', async (t) => {
	await using place = await openPlace();
	const image = path.join(place.directory, 'image.raw');
	const bytes = randomBytes(1 << 20);
	// jmp $: whatever else the garbage may do would make this another test each time.
	bytes.set([0xeb, 0xfe], 0);
	bytes.set([0x55, 0xaa], 510);
	await writeFile(image, bytes);
	const {exitCode, result} = await judge(place, [image, '--timeout-scale', '0.05']);
	t.is(result.failure?.kind, 'hang');
	t.is(exitCode, 3);
	t.deepEqual(await leftBehind(place), []);
});
