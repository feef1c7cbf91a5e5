import test from 'ava';
import scsi from '../../scenarios/scsi.ts';
import {fakeGuest} from '../machine/_fake-guest.ts';
import {kernels, recorded} from '../machine/observe/_recorded.ts';
import {fakeMachine, run} from './_run.ts';

const judge = async (changes: Parameters<typeof recorded>[1] = {}, kernel = 'linux-6.1') => {
	const {rows} = await run(scsi, {guest: fakeGuest({dump: recorded(kernel, changes), release: kernel.slice(6)})});
	return rows;
};

const notPassed = (rows: Awaited<ReturnType<typeof judge>>) =>
	Object.entries(rows)
		.filter(([, {verdict}]) => verdict !== 'pass')
		.map(([id, {verdict, reason}]) => `${verdict} ${id}: ${reason}`);

for (const kernel of kernels) {
	test(`all rows hold on ${kernel}`, async (t) => {
		const rows = await judge({}, kernel);
		t.is(Object.keys(rows).length, 6);
		t.deepEqual(notPassed(rows), []);
	});
}

test('a kernel that shows no VPD page, in an image without sg3-utils, is skipped with the cure', async (t) => {
	const rows = await judge({'/vpd_pg0': undefined}, 'linux-5.10');
	t.deepEqual(notPassed(rows), [
		'skip hw.scsi.sbc3: Linux 5.10 does not show VPD pages in sysfs (B0 and B2: 5.19 or newer), and the image has no sg3-utils',
	]);
	t.is(rows['hw.scsi.sbc3']?.fix, 'Install sg3-utils (sg_vpd, sg_readcap) in the image for the test.');
});

test('a disk that is older than SBC-3', async (t) => {
	const short = Buffer.concat([Buffer.from('00b0000c', 'hex'), Buffer.alloc(12)]);
	t.deepEqual(notPassed(await judge({'/vpd_pgb0': short})), [
		'fail hw.scsi.sbc3: page length of VPD page B0 (block limits) is 0c, required 3c or more (guest)',
	]);
	t.deepEqual(notPassed(await judge({'/vpd_pgb2': undefined, '/vpd_pg0': Buffer.from('000000030083b0', 'hex')})), [
		'fail hw.scsi.sbc3: VPD page B2 (logical block provisioning) is not on page 00, required listed on page 00 (guest)',
	]);
});

test('a machine without a disk fails every row, and none passes for want of evidence', async (t) => {
	const {rows} = await run(scsi, {
		guest: fakeGuest({}),
		machine: fakeMachine({
			answers: {'query-pci': [], 'x-query-virtio': []},
			monitor: async () => '',
		}),
	});
	t.deepEqual(
		Object.entries(rows).map(([id, {verdict}]) => `${verdict} ${id}`),
		[
			'fail hw.scsi.identity',
			'fail hw.scsi.spc4',
			'fail hw.scsi.sbc3',
			'fail hw.scsi.single-queue',
			'fail hw.scsi.block-size',
			'fail hw.scsi.only-disks',
		],
	);
});
