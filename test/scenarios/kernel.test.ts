import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import test from 'ava';
import {dir} from 'tmp-promise';
import {baseConfigs} from '../../harness/policy/base-configs.ts';
import kernel from '../../scenarios/kernel.ts';
import {fakeGuest} from '../machine/_fake-guest.ts';
import {recorded} from '../machine/observe/_recorded.ts';
import {type Judged, fakeMachine, run} from './_run.ts';

const config = Buffer.from(baseConfigs().get('debian-6.1-cloud') ?? '');
const dump = recorded('linux-6.1');

/** A guest that has these files; it packs what is not packed yet, as gzip would. */
const guestWith = (files: Readonly<Record<string, Buffer>>) =>
	fakeGuest({
		dump,
		answers: Object.fromEntries(
			Object.entries(files).map(([file, content]) => [
				`f='${file}'; [ -s "$f" ] || exit 1; case $f in *.gz) cat "$f";; *) gzip -c "$f" || cat "$f";; esac`,
				content,
			]),
		),
	});

const verdicts = ({rows}: Judged) => new Set(Object.values(rows).map(({verdict}) => verdict));

test('the kernel’s own word comes before the file in /boot', async (t) => {
	const other = Buffer.from('CONFIG_X86=y\n');
	const files = {'/proc/config.gz': gzipSync(config), '/boot/config-6.1.0-56-cloud-amd64': other};
	const judged = await run(kernel, {guest: guestWith(files)});
	t.deepEqual(verdicts(judged), new Set(['pass', 'warn']));
	t.is(Object.keys(judged.rows).length, 18);
	t.is(
		judged.rows['kernel.SCSI_VIRTIO']?.reason,
		'CONFIG_SCSI_VIRTIO=m, and the device that it drives works in this boot',
	);
	const boot = {'/boot/config-6.1.0-56-cloud-amd64': gzipSync(config)};
	t.deepEqual(verdicts(await run(kernel, {guest: guestWith(boot)})), new Set(['pass', 'warn']));
});

test('an image without a configuration, or with one that only bears the name, is skipped with the cure', async (t) => {
	for (const files of [{}, {'/boot/config-6.1.0-56-cloud-amd64': gzipSync('hello\n')}]) {
		const {rows} = await run(kernel, {guest: guestWith(files)});
		t.is(Object.keys(rows).length, 18);
		t.like(rows['kernel.KVM_GUEST'], {
			verdict: 'skip',
			reason:
				'the image does not carry the configuration of its kernel: no usable /proc/config.gz, no /boot/config-6.1.0-56-cloud-amd64, no /lib/modules/6.1.0-56-cloud-amd64/config',
			fix: 'Give it: bootwright test --config FILE. Or let the image carry it: CONFIG_IKCONFIG=y and CONFIG_IKCONFIG_PROC=y, or a file /boot/config-VERSION.',
		});
	}
});

test('--config stands in; one of another kernel is an error, never a verdict', async (t) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true});
	t.teardown(async () => cleanup());
	const kernelConfigFile = path.join(directory, 'config.gz');
	await writeFile(kernelConfigFile, gzipSync(config));
	const machine = fakeMachine({boot: {directKernel: false, kernelConfigFile}});
	t.deepEqual(verdicts(await run(kernel, {guest: guestWith({}), machine})), new Set(['pass', 'warn']));
	const other = fakeGuest({dump, release: '6.12.1'});
	const {rows} = await run(kernel, {guest: other, machine});
	t.like(rows['kernel.PCI_MSI'], {
		verdict: 'error',
		reason: 'The kernel configuration cannot be judged: it is for Linux 6.1.176, and the kernel is 6.12.1',
	});
});

test('the boot log is asked only where nothing else tells of Yama', async (t) => {
	const bare = recorded('linux-6.1', {'/security/lsm': undefined, '/yama/ptrace_scope': undefined});
	const log = "dmesg | grep -q 'Yama: becoming mindful'";
	const files = guestWith({'/proc/config.gz': gzipSync(config)});
	const silent = {...files, readAll: async () => bare, within: () => silent};
	const {rows} = await run(kernel, {guest: silent});
	t.true(files.asked.includes(log));
	t.is(rows['kernel.SECURITY_YAMA_STACKED']?.verdict, 'fail');
	const telling = guestWith({'/proc/config.gz': gzipSync(config)});
	await run(kernel, {guest: telling});
	t.false(telling.asked.includes(log));
});
