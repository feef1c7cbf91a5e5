import test from 'ava';
import {askDisk} from '../../../harness/machine/observe/scsi-answers.ts';
import {bootDisk} from '../../../harness/machine/observe/scsi-targets.ts';
import {fakeGuest} from '../_fake-guest.ts';
import {recorded} from './_recorded.ts';

/** A guest that has some programs of sg3-utils, each with its answer. */
const guestWith = (programs: Readonly<Record<string, Buffer>>) =>
	fakeGuest({tools: Object.keys(programs).map((name) => name.split(' ', 1)[0] ?? ''), answers: programs});

test('sysfs of a new kernel tells everything, and no program is run', async (t) => {
	const guest = guestWith({'sg_inq --raw /dev/sda': Buffer.alloc(36)});
	const answers = await askDisk(guest, bootDisk(recorded('linux-6.1')));
	t.deepEqual(guest.asked, []);
	t.is(answers.inquiry?.[2], 6);
	t.true(answers.lbpme);
	t.is(answers.page(0xb0)?.length, 64);
	t.is(answers.page(0xb2)?.length, 8);
	t.is(answers.page(0xb9), undefined);
	t.true(answers.lists(0xb2));
	t.false(answers.lists(0xb9));
	// The length of the list is none of its pages.
	t.false(answers.lists(5));
});

test('an older kernel shows the list of pages alone; sg3-utils brings the pages', async (t) => {
	const disk = bootDisk(recorded('linux-5.10'));
	const without = await askDisk(guestWith({}), disk);
	t.deepEqual([without.page(0xb0), without.lists(0xb0), without.lists(0xb2)], [undefined, true, true]);
	const page = Buffer.from('00b2000400e00200', 'hex');
	const guest = guestWith({'sg_vpd --raw --page=178 /dev/sda': page});
	t.deepEqual((await askDisk(guest, disk)).page(0xb2), page);
	t.deepEqual(guest.asked, ['sg_vpd --raw --page=176 /dev/sda', 'sg_vpd --raw --page=178 /dev/sda']);
});

test('where sysfs shows nothing, everything comes from sg3-utils', async (t) => {
	const bare = recorded('linux-5.10', {'/inquiry': undefined, '/vpd_pg0': undefined, '/thin_provisioning': undefined});
	const inquiry = Buffer.from('0000051f', 'hex');
	const capacity = Buffer.alloc(32);
	const provisioned = Buffer.alloc(32);
	provisioned[14] = 0x80;
	const ask = async (answer: Buffer) =>
		askDisk(guestWith({'sg_inq --raw /dev/sda': inquiry, 'sg_readcap --16 --raw /dev/sda': answer}), bootDisk(bare));
	t.is((await ask(capacity)).inquiry?.[2], 5);
	t.false((await ask(capacity)).lbpme);
	t.true((await ask(provisioned)).lbpme);
	t.is((await ask(Buffer.alloc(12))).lbpme, undefined);
	t.is((await ask(capacity)).lists(0xb0), undefined);
});

test('no disk, no answers', async (t) => {
	const answers = await askDisk(guestWith({'sg_inq --raw /dev/sda': Buffer.alloc(36)}), undefined);
	t.deepEqual([answers.inquiry, answers.lbpme, answers.page(0xb0)], [undefined, undefined, undefined]);
});
