import test from 'ava';
import {type Machine} from '../../../harness/machine/scenario.ts';
import {virtioEvidence} from '../../../harness/machine/observe/virtio-identity.ts';
import {kernels, recorded, recordedJson} from './_recorded.ts';

const scsi = {name: 'virtio-scsi', device: 0x10_04, subsystem: 8, address: '00:03.0', driver: 'virtio_scsi'} as const;

const machine = (changes: {readonly device?: number; readonly status?: Readonly<Record<string, unknown>>} = {}) => {
	const bus = JSON.stringify(recordedJson('machine/query-pci.json'));
	const answers: Readonly<Record<string, unknown>> = {
		'query-pci': JSON.parse(bus.replace('"device":4100', () => `"device":${changes.device ?? 4100}`)) as unknown,
		'x-query-virtio': recordedJson('machine/query-virtio.json'),
		'x-query-virtio-status': {...(recordedJson('machine/virtio-scsi.json') as object), ...changes.status},
	};
	return {qmp: async (command: string) => answers[command]} as unknown as Machine;
};

const broken = async (dump: Parameters<typeof virtioEvidence>[1], real = machine()) =>
	(await virtioEvidence(scsi, dump, real))
		.filter(({holds}) => !holds)
		.map(({side, what, observed}) => `${side}: ${what}: ${observed}`);

for (const kernel of kernels) {
	test(`eight observations hold on ${kernel}`, async (t) => {
		const evidence = await virtioEvidence(scsi, recorded(kernel), machine());
		t.is(evidence.length, 8);
		t.deepEqual(
			evidence.filter(({holds}) => !holds),
			[],
		);
	});
}

test('each side is heard', async (t) => {
	const dump = recorded('linux-6.1');
	t.deepEqual(await broken(recorded('linux-6.1', {'/virtio0/uevent': 'MODALIAS=x\n'})), [
		'guest: driver on the virtio bus: none bound',
	]);
	t.deepEqual(await broken(recorded('linux-6.1', {'/virtio0/features': `${'0'.repeat(32)}1${'0'.repeat(31)}\n`})), [
		'guest: virtio revision that the driver uses: 1.0 or newer',
	]);
	const other = Buffer.from(dump.get('/sys/bus/pci/devices/0000:00:03.0/config') ?? '');
	other.writeUInt16LE(0x10_48, 2);
	other.writeUInt16LE(0x11_00, 46);
	t.deepEqual(await broken(recorded('linux-6.1', {'00:03.0/config': other})), [
		'guest: PCI id at 00:03.0: 1af4:1048',
		'guest: subsystem id: 1100',
	]);
	t.deepEqual(await broken(dump, machine({device: 4168})), ['host: PCI id at 00:03.0: 1af4:1048']);
	t.deepEqual(await broken(dump, machine({status: {status: {statuses: ['VIRTIO_CONFIG_S_DRIVER: x']}}})), [
		'host: driver status of virtio-scsi: not DRIVER_OK',
	]);
	t.deepEqual(await broken(dump, machine({status: {'guest-features': {transports: ['VIRTIO_F_VERSION_1: modern']}}})), [
		'host: virtio revision that the driver uses: 1.0 or newer',
	]);
});

test('a device that is nowhere', async (t) => {
	t.deepEqual(await broken(new Map()), [
		'guest: PCI id at 00:03.0: absent',
		'guest: subsystem id: absent',
		'guest: driver on the virtio bus: absent',
	]);
});
