import test from 'ava';
import {stoppedMachine} from '../qemu/_stopped.ts';

/** Each of them is looked at, so that none stays in the list that a newer QEMU no longer has. */
test('I/O ports of devices that the real machine lacks answer', async (t) => {
	const {
		process: {qmp},
	} = await stoppedMachine(t);
	const read = async (port: string): Promise<string> => (await qmp.humanMonitor(`i/b ${port}`)).replace(/^.* = /u, '');
	// What nobody answers to reads ff, as the last one.
	t.deepEqual(
		[await read('0x402'), await read('0x3f4'), await read('0x1f6'), await read('0x2f0')],
		['0xe9', '0x80', '0x00', '0xff'],
	);
	const ports = await qmp.humanMonitor('info mtree');
	t.regex(ports, /0000000000000510-0000000000000511 \(prio 0, i\/o\): fwcfg/u);
});
