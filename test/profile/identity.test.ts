import test from 'ava';
import {identityOf, swapUuid} from '../../harness/profile/identity.ts';
import {loadProfile} from '../../harness/profile/load.ts';

test('the serial numbers are the prefix and the digits of the UUID, the MAC is the address', async (t) => {
	const profile = await loadProfile('gce', {
		overrides: {
			smbios: {system: {uuid: '00112233-4455-6677-8899-aabbccddeeff'}},
			network: {address: '10.240.0.255', gateway: '10.240.0.1', macPrefix: '42:01'},
		},
	});
	t.deepEqual(identityOf(profile), {
		systemSerial: 'GoogleCloud-00112233445566778899AABBCCDDEEFF',
		boardSerial: 'Board-GoogleCloud-00112233445566778899AABBCCDDEEFF',
		qemuUuid: '33221100-5544-7766-8899-aabbccddeeff',
		mac: '42:01:0a:f0:00:ff',
	});
});

test('swapping twice changes nothing', (t) => {
	const uuid = '2f6a1c84-3b5d-4e97-a0c8-51d7e9b2f643';
	t.is(swapUuid(swapUuid(uuid)), uuid);
});
