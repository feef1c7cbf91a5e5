import test from 'ava';
import uart from '../../scenarios/uart.ts';
import {fakeGuest} from '../machine/_fake-guest.ts';
import {recorded} from '../machine/observe/_recorded.ts';
import {run} from './_run.ts';

test('without stty the ports are judged by what the driver found, and no bytes are sent', async (t) => {
	const report =
		'0: uart:16550A port:000003F8 irq:4\n1: uart:16550A port:000002F8 irq:5\n2: uart:8250 port:000003E8 irq:6\n';
	const guest = fakeGuest({dump: recorded('linux-6.1', {'/driver/serial': report})});
	const {rows} = await run(uart, {guest});
	t.like(rows['hw.uart.ttyS0'], {
		verdict: 'skip',
		reason: 'the image has no stty: no bytes could be sent through the port unchanged',
	});
	t.is(rows['hw.uart.ttyS1']?.reason, 'IRQ is 5, required 3 (guest)');
	t.is(rows['hw.uart.ttyS2']?.reason, 'chip that the driver found for ttyS2 is 8250, required 16550A (guest)');
	t.is(rows['hw.uart.ttyS3']?.verdict, 'fail');
	t.deepEqual(guest.asked, []);
});

test('a port that the guest has and the machine does not is no pass', async (t) => {
	const guest = fakeGuest({
		dump: recorded('linux-6.1'),
		tools: ['stty'],
		answers: {
			cat: ({stdin}) => Buffer.from(stdin ?? ''),
		},
	});
	const {rows} = await run(uart, {guest});
	t.is(rows['hw.uart.ttyS1']?.verdict, 'pass');
	t.is(rows['hw.uart.ttyS2']?.reason, 'port of the machine is absent, required there (host)');
});

test('bytes that the shell’s port changes fail its row', async (t) => {
	const guest = fakeGuest({
		dump: recorded('linux-6.1'),
		tools: ['stty'],
		answers: {cat: ({stdin}) => Buffer.from(stdin ?? '').fill(0, 77, 79)},
	});
	t.regex(
		(await run(uart, {guest})).rows['hw.uart.ttyS1']?.reason ?? '',
		/is changed from byte 7[78] on, required unchanged \(host\)$/v,
	);
});
