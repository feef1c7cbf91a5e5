import test from 'ava';
import {type FileDump} from '../../../harness/machine/file-dump.ts';
import {parseFeatures} from '../../../harness/machine/offload/ethtool-features.ts';
import {leftOn, negotiated} from '../../../harness/machine/offload/feature-evidence.ts';
import {type Machine} from '../../../harness/machine/scenario.ts';
import {fakeGuest} from '../_fake-guest.ts';
import {recordedJson} from '../observe/_recorded.ts';
import {recorded} from './_recorded.ts';

const pci = '/sys/bus/pci/devices/0000:00';
/** A SCSI adapter first (linux/virtio_ids.h: 8), then a card with CSUM, GUEST_CSUM and HOST_TSO4, without GUEST_TSO4. */
const dump: FileDump = new Map([
	[`${pci}:03.0/virtio0/device`, Buffer.from('0x0008\n')],
	[`${pci}:03.0/virtio0/features`, Buffer.from(`${'1'.repeat(64)}\n`)],
	[`${pci}:04.0/virtio1/device`, Buffer.from('0x0001\n')],
	[`${pci}:04.0/virtio1/features`, Buffer.from(`110000000001${'0'.repeat(52)}\n`)],
]);

type Status = {'guest-features': {'dev-features': string[]}};
const machine = (added: readonly string[], hasCard = true): Machine => {
	const status = recordedJson('machine/virtio-net.json') as Status;
	status['guest-features']['dev-features'].push(...added.map((name) => `VIRTIO_NET_F_${name}: words that change`));
	return {
		qmp: async (command: string) =>
			command === 'x-query-virtio' ? (hasCard ? recordedJson('machine/query-virtio.json') : []) : status,
	} as unknown as Machine;
};

const told = async (files: FileDump, added: readonly string[], hasCard?: boolean): Promise<readonly string[]> =>
	(
		await negotiated(['CSUM', 'GUEST_TSO4', 'HOST_TSO4'], {
			guest: fakeGuest({dump: files}),
			machine: machine(added, hasCard),
		})
	).map(({side, what, observed, holds}) => `${side} ${what}: ${observed}${holds ? '' : ' (wrong)'}`);

test('each bit by both sides, of the network card and no other device', async (t) => {
	t.deepEqual(await told(dump, ['CSUM', 'HOST_TSO4']), [
		'guest feature bit CSUM: acknowledged',
		'host feature bit CSUM: negotiated',
		'guest feature bit GUEST_TSO4: not acknowledged (wrong)',
		'host feature bit GUEST_TSO4: not negotiated (wrong)',
		'guest feature bit HOST_TSO4: acknowledged',
		'host feature bit HOST_TSO4: negotiated',
	]);
});

test('a name that only begins alike is another bit', async (t) => {
	t.is((await told(dump, ['HOST_TSO6', 'CSUM_OTHER']))[1], 'host feature bit CSUM: not negotiated (wrong)');
});

test('a guest without such a card, and a machine without one, are wrong and not silent', async (t) => {
	t.deepEqual((await told(new Map(), [], false)).slice(0, 2), [
		'guest feature bit CSUM: absent (wrong)',
		'host feature bit CSUM: absent (wrong)',
	]);
});

test('what the image left on, left off, or does not know', (t) => {
	const features = parseFeatures(recorded('tap.features'));
	t.deepEqual(
		leftOn(features, ['generic-receive-offload', 'rx-checksumming', 'teleportation']).map(({what, observed, holds}) => [
			what,
			observed,
			holds,
		]),
		[
			['"ethtool -k" as the image left it: generic-receive-offload', 'on', true],
			['"ethtool -k" as the image left it: rx-checksumming', 'off [fixed]', false],
			['"ethtool -k" as the image left it: teleportation', 'absent', false],
		],
	);
});
