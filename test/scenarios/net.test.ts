import test from 'ava';
import {type Guest} from '../../harness/machine/guest.ts';
import net from '../../scenarios/net.ts';
import {fakeGuest} from '../machine/_fake-guest.ts';
import {recorded, recordedJson} from '../machine/observe/_recorded.ts';
import {fakeMachine, run} from './_run.ts';

const judge = async (changes: Parameters<typeof recorded>[1] = {}) =>
	judgeGuest(fakeGuest({dump: recorded('linux-6.1', changes)}));

const judgeGuest = async (guest: Guest) => {
	const machine = fakeMachine({answers: {'x-query-virtio-status': recordedJson('machine/virtio-net.json')}});
	const {rows} = await run(net, {guest, machine});
	return rows['hw.net.identity'];
};

test('the adapter is there, driven, and up', async (t) => {
	t.is((await judge())?.verdict, 'pass');
	t.is((await judge({'/ens4/operstate': 'unknown\n'}))?.verdict, 'pass');
});

test('an interface that is off, down, or not there', async (t) => {
	t.is((await judge({'/ens4/flags': '0x1002\n'}))?.reason, 'interface ens4 is switched off, required up (guest)');
	t.is((await judge({'/ens4/operstate': 'down\n'}))?.reason, 'interface ens4 is down, required up (guest)');
	t.is((await judge({'/ens4/flags': undefined}))?.reason, 'interface is absent, required up (guest)');
});

test('an interface that was switched on a moment ago: the kernel tells its state later', async (t) => {
	let looks = 0;
	const dump = (state: string) => recorded('linux-6.1', {'/ens4/operstate': `${state}\n`});
	const guest: Guest = {...fakeGuest({}), within: () => guest, readAll: async () => dump(++looks < 3 ? 'down' : 'up')};
	t.is((await judgeGuest(guest))?.verdict, 'pass');
	t.is(looks, 3);
});

test('no driver', async (t) => {
	t.is(
		(await judge({'/virtio1/uevent': 'MODALIAS=x\n'}))?.reason,
		'driver on the virtio bus is none bound, required virtio_net (guest)',
	);
});
