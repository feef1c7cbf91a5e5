import test from 'ava';
import {parseSlot, readPciConfig, readPciHeads} from '../../harness/qemu/pci-config.ts';
import {stoppedMachine} from './_stopped.ts';

test('a slot as lspci writes it', (t) => {
	t.deepEqual(parseSlot('00:1f.7'), {slot: 0x1f, function: 7});
});

test('every width at its own place, and nothing where nothing is', async (t) => {
	const {process} = await stoppedMachine(t);
	const read = async (offset: number, width: 1 | 2 | 4, slot = '00:01.3'): Promise<string> =>
		(await readPciConfig(process.qmp, {...parseSlot(slot), offset, width})).toString(16);
	t.deepEqual(
		[await read(0, 4), await read(0, 2), await read(2, 2), await read(0, 1), await read(1, 1), await read(3, 1)],
		['71138086', '8086', '7113', '86', '80', '71'],
	);
	t.is(await read(8, 4), '6800003');
	t.is(await read(0, 4, '00:1f.0'), 'ffffffff');
	t.is(await read(8, 1, '00:1f.0'), 'ff');
});

test('the address port is left as it was', async (t) => {
	const {
		process: {qmp},
	} = await stoppedMachine(t);
	await qmp.humanMonitor('o/w 0xcf8 0x80000808');
	const heads = await readPciHeads(
		qmp,
		['00:00.0', '00:03.0'].map((slot) => parseSlot(slot)),
	);
	t.deepEqual(
		heads.map((head) => head.toString('hex')),
		['868037120000000002000006', 'f41a04100000100000000001'],
	);
	t.is(await qmp.humanMonitor('i/w 0xcf8'), 'portl[0x0cf8] = 0x80000808');
});
