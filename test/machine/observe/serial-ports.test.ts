import test from 'ava';
import {serialPorts} from '../../../harness/machine/observe/serial-ports.ts';
import {kernels, recorded} from './_recorded.ts';

const four = [
	['ttyS0', '16550A', 0x3_f8, 4],
	['ttyS1', '16550A', 0x2_f8, 3],
	['ttyS2', '16550A', 0x3_e8, 6],
	['ttyS3', '16550A', 0x2_e8, 7],
];
const seen = (dump: Parameters<typeof serialPorts>[0]) =>
	[...serialPorts(dump)].map(([name, {uart, ioPort, irq}]) => [name, uart, ioPort, irq]);

for (const kernel of kernels) {
	test(`four ports as ${kernel} reports them, and as its sysfs does`, (t) => {
		t.deepEqual(seen(recorded(kernel)), four);
		t.deepEqual(seen(recorded(kernel, {'/driver/serial': undefined})), four);
	});
}

test('a port without a chip is left out; other chips, ports and interrupts are told', (t) => {
	const report = [
		'serinfo:1.0 driver revision:',
		'0: uart:16550A port:000003F8 irq:5 tx:0 rx:0 oe:2 brk:1 RTS|DTR',
		'1: uart:unknown port:000002F8 irq:3',
		'2: uart:8250 port:000003E8 irq:0',
		'3: uart:16550A mmio:0xFE03E000 irq:7 tx:0 rx:0',
		'11: uart:16550A port:000002E8 irq:7',
	].join('\n');
	const ports = serialPorts(recorded('linux-6.1', {'/driver/serial': report}));
	t.deepEqual(
		[...ports].map(([name, {uart, ioPort, irq}]) => [name, uart, ioPort, irq]),
		[
			['ttyS0', '16550A', 0x3_f8, 5],
			['ttyS2', '8250', 0x3_e8, 0],
			['ttyS3', '16550A', undefined, 7],
		],
	);
	t.deepEqual([...(ports.get('ttyS0')?.errors ?? [])], [['oe', 2]]);
	const sysfs = recorded('linux-6.1', {'/driver/serial': undefined, '/ttyS1/type': '0\n', '/ttyS2/type': '17\n'});
	t.is(serialPorts(sysfs).get('ttyS1'), undefined);
	t.is(serialPorts(sysfs).get('ttyS2')?.uart, 'type 17');
});
