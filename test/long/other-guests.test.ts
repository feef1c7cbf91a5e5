import {truncate, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {type Place, judge, leftBehind, openPlace} from '../e2e/_program.ts';

/** Debian builds these as modules. */
const modules = ['kernel.VIRTIO_PCI', 'kernel.SCSI_VIRTIO', 'kernel.VIRTIO_NET'];

const judgeWell = async (place: Place, args: readonly string[]) => {
	const {exitCode, result} = await judge(place, [...args, '--fresh']);
	const of = (verdict: string): readonly string[] =>
		result.requirements.filter((row) => row.verdict === verdict).map(({id}) => id);
	return {bad: [exitCode, of('fail'), of('error'), of('skip')], warned: of('warn'), passed: of('pass'), result};
};

test.serial('a 32-bit guest is judged with tools of its own, by every row', async (t) => {
	t.timeout(600_000);
	await using place = await openPlace();
	const {bad, warned, passed} = await judgeWell(place, ['ref:probe-686-pae']);
	t.deepEqual(bad, [0, [], [], []]);
	t.deepEqual(warned, modules);
	t.true(passed.includes('kernel.X86_PAE'));
	t.deepEqual(await leftBehind(place), []);
});

/** Image, profile, and the way in that is expected. */
const guests = [
	['debian-12-sysvinit', 'gce', 'inject'],
	['debian-12-xfs', 'gce', 'metadata'],
	['debian-12-btrfs', 'gce', 'metadata'],
	['debian-12-generic', 'gce', 'metadata'],
	['debian-12-gpt', 'gce', 'metadata'],
	['debian-12-gpt', 'gce-uefi', 'metadata'],
	['debian-12-uefi', 'gce-uefi', 'metadata'],
] as const;

for (const [image, profile, method] of guests) {
	test.serial(`${image} on ${profile} passes every row, through ${method}`, async (t) => {
		t.timeout(1_200_000);
		await using place = await openPlace();
		const {bad, warned, result} = await judgeWell(place, [`ref:${image}`, '--profile', profile]);
		t.deepEqual(bad, [0, [], [], []]);
		t.deepEqual(warned, modules);
		t.deepEqual(
			result.phases.map(({name}) => name),
			['firmware', 'bootloader', 'kernel', 'userspace', 'access'],
		);
		t.is(result.access.method, method);
		t.deepEqual(await leftBehind(place), []);
	});
}

test.serial(
	'UEFI that finds no boot loader on the disk, and a BIOS with a disk for UEFI, end with that reason',
	async (t) => {
		t.timeout(600_000);
		await using place = await openPlace();
		const bios = await judge(place, ['ref:debian-12-uefi']);
		t.is(bios.exitCode, 3);
		t.is(bios.result.failure?.kind, 'no-boot-sector');
		t.regex(bios.result.failure?.message ?? '', /no boot code \(an image for UEFI alone\)/v);
		const [disk, esp] = [path.join(place.directory, 'disk.raw'), path.join(place.directory, 'esp.img')];
		await writeFile(disk, '');
		await truncate(disk, 64 * 1024 * 1024);
		await execa('/sbin/sfdisk', ['--quiet', disk], {input: 'label: gpt\nstart=1M, size=40M, type=uefi\n'});
		await execa('/sbin/mkfs.vfat', ['-C', esp, '40960']);
		await execa('dd', [`if=${esp}`, `of=${disk}`, 'bs=1M', 'seek=1', 'conv=notrunc']);
		const uefi = await judge(place, [disk, '--profile', 'gce-uefi']);
		t.is(uefi.exitCode, 3);
		t.is(uefi.result.failure?.kind, 'no-boot-sector');
		t.regex(uefi.result.failure?.message ?? '', /The firmware found nothing to boot.*EFI Internal Shell/v);
	},
);
