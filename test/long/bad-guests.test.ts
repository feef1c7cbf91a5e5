import test from 'ava';
import {deadGuest, init} from '../e2e/_dead-guest.ts';

test.serial(
	'init dies',
	deadGuest,
	{files: init('exit 1')},
	{
		kind: 'panic',
		message: /The kernel panicked on ttyS0: ".*Kernel panic - not syncing: Attempted to kill init!/,
	},
);

test.serial(
	'emergency mode',
	deadGuest,
	{
		files: init(
			'exec </dev/ttyS0 >/dev/ttyS0 2>&1',
			'echo "You are in emergency mode. After logging in, type \\"journalctl -xb\\" to view"',
			'echo "Press Enter for maintenance"',
			'read line',
			'sleep 1000',
		),
	},
	{
		kind: 'emergency',
		message: /The init system stopped in emergency mode on ttyS0: "You are in emergency mode\./,
	},
);

test.serial(
	'has no console',
	deadGuest,
	{append: 'console=tty0 quiet', files: init('sleep 10000')},
	{
		kind: 'hang',
		message: /The guest hangs/,
		options: ['--access', 'shell', '--timeout-scale', '0.1'],
	},
);

test.serial(
	'shows a login prompt and nobody has a password',
	deadGuest,
	{files: {'etc/inittab': 'ttyS0::respawn:/bin/getty -L 115200 ttyS0 vt100\n'}},
	{kind: 'no-way-in', message: /login prompt/, options: ['--access', 'shell']},
);
