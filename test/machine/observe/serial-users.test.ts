import test from 'ava';
import {parseSerialUse, readersOf} from '../../../harness/machine/observe/serial-users.ts';
import {kernels, recordedText} from './_recorded.ts';

for (const kernel of kernels) {
	test(`who holds the ports of the probe on ${kernel}`, (t) => {
		const use = parseSerialUse(recordedText(`guest/${kernel}.serial-use`));
		t.deepEqual(use.consoles, ['ttyS0']);
		t.is(use.printk, '7\t4\t1\t7');
		const pids = new Set(use.users.filter(({port}) => port === 'ttyS0').map(({pid}) => pid));
		// The first process by /dev/console, and the shell that it started on the port.
		t.is(pids.size, 2);
		t.true(pids.delete(1));
		t.deepEqual(readersOf(use, ['ttyS0', 'ttyS2', 'ttyS3'], 'ttyS1'), [...pids]);
		t.deepEqual(readersOf(use, ['ttyS2', 'ttyS3'], 'ttyS1'), []);
	});
}

const systemd = `/proc/1/fd:
lrwx------ 1 root root 64 Nov 25 14:14 0 -> /dev/null
l-wx------ 1 root root 64 Nov 25 14:14 71 -> /dev/console
/proc/310/fd:
l-wx------ 1 root root 64 Nov 25 14:14 5 -> /dev/ttyS0
/proc/402/fd:
lrwx------ 1 root root 64 Nov 25 14:14 0 -> /dev/ttyS0
lrwx------ 1 root root 64 Nov 25 14:14 1 -> /dev/ttyS0
/proc/403/fd:
lr-x------ 1 root root 64 Nov 25 14:14 0 -> /dev/ttyS3
lrwx------ 1 root root 64 Nov 25 14:14 4 -> /home/console -> /dev/ttyS0x
/proc/900/fd:
lrwx------ 1 root root 64 Nov 25 14:14 0 -> /dev/ttyS1
lr-x------ 1 root root 64 Nov 25 14:14 9 -> /dev/console
4\t4\t1\t7
tty0 ttyS0
`;

test('readers are stopped: not writers, not the first process, not our own shell', (t) => {
	const use = parseSerialUse(systemd);
	t.deepEqual(use.consoles, ['ttyS0']);
	t.deepEqual(readersOf(use, ['ttyS0', 'ttyS2', 'ttyS3'], 'ttyS1'), [402, 403]);
	t.deepEqual(readersOf(use, ['ttyS0'], 'ttyS1'), [402]);
	t.deepEqual(readersOf(use, ['ttyS1'], 'ttyS0'), []);
});

test('a guest that lists nothing', (t) => {
	t.deepEqual(parseSerialUse(''), {users: [], consoles: [], printk: ''});
	t.deepEqual(parseSerialUse('7 4 1 7\ntty0\n').consoles, []);
});
