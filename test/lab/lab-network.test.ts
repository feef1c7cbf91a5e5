import test from 'ava';
import {ipBatch, labNetworkOf} from '../../harness/lab/lab-network.ts';
import {loadProfile} from '../../harness/profile/load.ts';

test('the network of the cloud’s machine', async (t) => {
	t.deepEqual(labNetworkOf(await loadProfile('gce')), {
		interface: 'lab0',
		address: '10.128.0.2',
		mac: '42:01:0a:80:00:02',
		gateway: '10.128.0.1',
		gatewayMac: '42:01:0a:80:00:01',
		mtu: 1460,
		hostname: 'candidate',
		domain: 'c.bootwright-lab.internal',
	});
});

test('another address is another MAC; the MTU is the profile’s', async (t) => {
	const profile = await loadProfile('gce', {overrides: {network: {address: '10.128.0.250', mtu: 8896}}});
	t.like(labNetworkOf(profile), {address: '10.128.0.250', mac: '42:01:0a:80:00:fa', mtu: 8896});
});

test('what is made of it: a tap with virtio-net headers, and no route but to the guest', async (t) => {
	t.is(
		ipBatch(labNetworkOf(await loadProfile('gce'))),
		`link set dev lo up
tuntap add dev lab0 mode tap vnet_hdr
address add 10.128.0.1/32 dev lab0
address add 169.254.169.254/32 dev lab0
link set dev lab0 address 42:01:0a:80:00:01 mtu 1460 up
route add 10.128.0.2/32 dev lab0 src 10.128.0.1
`,
	);
});
