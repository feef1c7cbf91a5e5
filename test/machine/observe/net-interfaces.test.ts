import test from 'ava';
import {netInterfaces} from '../../../harness/machine/observe/net-interfaces.ts';
import {kernels, recorded} from './_recorded.ts';

for (const kernel of kernels) {
	test(`the interface as ${kernel} shows it`, (t) => {
		t.deepEqual(netInterfaces(recorded(kernel)), [
			{name: 'ens4', address: '00:04.0', driver: 'virtio_net', up: true, operState: 'up', mac: '42:01:0a:80:00:02'},
		]);
	});
}

test('an interface that is switched off, and one without a driver', (t) => {
	const off = recorded('linux-6.1', {'/ens4/flags': '0x1002\n', '/ens4/operstate': 'down\n'});
	t.like(netInterfaces(off)[0], {up: false, operState: 'down'});
	t.deepEqual(netInterfaces(recorded('linux-6.1', {'/ens4/flags': undefined})), []);
});
