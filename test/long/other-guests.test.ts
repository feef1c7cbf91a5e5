import test from 'ava';
import {judge, leftBehind, openPlace} from '../e2e/_program.ts';

test.serial('a 32-bit guest is judged with tools of its own, by every row', async (t) => {
	t.timeout(600_000);
	await using place = await openPlace();
	const {exitCode, result} = await judge(place, ['ref:probe-686-pae', '--fresh']);
	const of = (verdict: string): readonly string[] =>
		result.requirements.filter((row) => row.verdict === verdict).map(({id}) => id);
	t.deepEqual([exitCode, of('fail'), of('error'), of('skip')], [0, [], [], []]);
	// Debian builds these as modules.
	t.deepEqual(of('warn'), ['kernel.VIRTIO_PCI', 'kernel.SCSI_VIRTIO', 'kernel.VIRTIO_NET']);
	t.true(of('pass').includes('kernel.X86_PAE'));
	t.deepEqual(await leftBehind(place), []);
});
