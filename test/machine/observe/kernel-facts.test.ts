import test from 'ava';
import {kernelFacts} from '../../../harness/machine/observe/kernel-facts.ts';
import {kernels, recorded} from './_recorded.ts';

for (const kernel of kernels) {
	test(`all three drivers work on ${kernel}, and Yama is active`, (t) => {
		const facts = kernelFacts(recorded(kernel));
		t.deepEqual([...facts.seenWorking], ['VIRTIO_PCI', 'SCSI_VIRTIO', 'VIRTIO_NET']);
		t.true(facts.lsms?.includes('yama'));
		t.true(facts.yamaSysctl);
	});
}

test('a driver that is not bound was not seen working', (t) => {
	const working = (changes: Parameters<typeof recorded>[1]) => [
		...kernelFacts(recorded('linux-6.1', changes)).seenWorking,
	];
	t.deepEqual(working({'/virtio1/uevent': 'MODALIAS=x\n'}), ['VIRTIO_PCI', 'SCSI_VIRTIO']);
	t.deepEqual(working({'/virtio0/uevent': 'MODALIAS=x\n'}), ['VIRTIO_PCI', 'VIRTIO_NET']);
	t.deepEqual(working({'/block/sda/dev': undefined}), ['VIRTIO_PCI', 'VIRTIO_NET']);
	t.false(working({'.0/uevent': '', '.3/uevent': ''}).includes('VIRTIO_PCI'));
});

test('without a list and without its sysctl nothing is known of Yama', (t) => {
	const facts = kernelFacts(recorded('linux-6.1', {'/security/lsm': undefined, '/yama/ptrace_scope': undefined}));
	t.is(facts.lsms, undefined);
	t.false(facts.yamaSysctl);
});
