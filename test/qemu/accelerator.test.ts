import {readFile, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {HostError} from '../../harness/core/errors.ts';
import {chooseAccelerator} from '../../harness/qemu/accelerator.ts';
import {folder, script} from './_script.ts';

const version = {major: 10, minor: 0, micro: 2, text: '10.0.2'};

/** A host that looks as if it had KVM, with a QEMU that counts how often it is started. */
const pretend = async (
	t: ExecutionContext,
	{flags = 'fpu vmx sse2', device = true, qemu}: {flags?: string; device?: boolean; qemu: string},
) => {
	const directory = await folder(t);
	const file = (name: string): string => path.join(directory, name);
	await writeFile(file('cpuinfo'), `processor\t: 0\nflags\t\t: ${flags}\n`);
	await writeFile(file('boot_id'), 'first\n');
	if (device) {
		await writeFile(file('kvm'), '');
	}

	return {
		directory,
		qemu: {path: await script(directory, 'qemu', `echo >>"${file('starts')}"\n${qemu}`), imgPath: 'qemu-img', version},
		options: {
			host: {cpuinfo: file('cpuinfo'), device: file('kvm'), bootId: file('boot_id')},
			cache: file('cache/proof.json'),
		},
		starts: async () => (await readFile(file('starts'), 'utf8').catch(() => '')).length,
	};
};

/** The real QEMU, emulating where it is told to use KVM: this is a host whose KVM works. */
const emulates =
	'for a; do shift; case $a in kvm) a=tcg ;; host) a=max ;; esac; set -- "$@" "$a"; done; exec qemu-system-x86_64 "$@"';

test('without the CPU flag the device is not touched', async (t) => {
	const {qemu, options, starts} = await pretend(t, {flags: 'fpu sse2 vmxnot', device: false, qemu: 'exit 85'});
	const choice = await chooseAccelerator('auto', qemu, options);
	t.is(choice.accelerator, 'tcg');
	t.is(
		choice.reason,
		`the CPU flags show neither vmx nor svm, so KVM cannot run a kernel here, even where ${options.host.device} exists`,
	);
	t.regex(choice.cure ?? '', /nested virtualization/u);
	t.is(await starts(), 0);
});

test('a guest that answers proves KVM, once a boot of the host', async (t) => {
	const {qemu, options, starts} = await pretend(t, {flags: 'svm', qemu: emulates});
	const proven = {accelerator: 'kvm', reason: 'proven on this host by a tiny guest'};
	t.deepEqual(await chooseAccelerator('auto', qemu, options), proven as never);
	t.deepEqual(await chooseAccelerator('auto', qemu, options), proven as never);
	t.is(await starts(), 1);
	await writeFile(options.host.bootId, 'second\n');
	t.deepEqual(await chooseAccelerator('kvm', qemu, options), {
		accelerator: 'kvm',
		reason: 'asked for, and proven on this host by a tiny guest',
	});
	t.is(await starts(), 2);
});

test('another QEMU needs its own proof', async (t) => {
	const {qemu, options, starts} = await pretend(t, {qemu: emulates});
	await chooseAccelerator('auto', qemu, options);
	await chooseAccelerator('auto', {...qemu, version: {...version, text: '10.0.3'}}, options);
	t.is(await starts(), 2);
});

test('a broken KVM is remembered for auto and tried again for kvm', async (t) => {
	const {qemu, options, starts} = await pretend(t, {
		qemu: 'echo "error: failed to set MSR 0x40000021 to 0x0" >&2; kill -ABRT $$',
	});
	const reason = `${options.host.device} opens, but KVM is broken: a tiny guest gave no answer: QEMU ended (killed by SIGABRT): error: failed to set MSR 0x40000021 to 0x0`;
	t.deepEqual(await chooseAccelerator('auto', qemu, options), {
		accelerator: 'tcg',
		reason,
		cure: 'sudo dmesg | grep -i kvm',
	});
	t.deepEqual(await chooseAccelerator('auto', qemu, options), {
		accelerator: 'tcg',
		reason,
		cure: `rm ${options.cache} (tries once more)`,
	});
	t.is(await starts(), 1);
	const error = await t.throwsAsync(chooseAccelerator('kvm', qemu, options), {instanceOf: HostError});
	t.is(error.message, `KVM is not usable here: ${reason}`);
	t.is(error.hint, 'sudo dmesg | grep -i kvm Or let QEMU emulate: --accel tcg');
	t.is(await starts(), 2);
});

test('a damaged cache is no cache', async (t) => {
	const {qemu, options, directory, starts} = await pretend(t, {qemu: emulates});
	const cache = path.join(directory, 'proof.json');
	await writeFile(cache, '{"key": ');
	await chooseAccelerator('auto', qemu, {...options, cache});
	await chooseAccelerator('auto', qemu, {...options, cache});
	t.is(await starts(), 1);
});

test('a cache that cannot be written is no error', async (t) => {
	const {qemu, options} = await pretend(t, {qemu: emulates});
	const cache = path.join(options.host.bootId, 'proof.json');
	const {accelerator} = await chooseAccelerator('auto', qemu, {...options, cache});
	t.is(accelerator, 'kvm');
});

test('a device that does not exist names the module', async (t) => {
	const {qemu, options} = await pretend(t, {device: false, qemu: 'exit 85'});
	t.deepEqual(await chooseAccelerator('auto', qemu, options), {
		accelerator: 'tcg',
		reason: `${options.host.device} does not exist, though the CPU could`,
		cure: 'sudo modprobe kvm_intel',
	});
});

test('a device that is not ours names the group', async (t) => {
	const {qemu, options} = await pretend(t, {device: false, qemu: 'exit 85'});
	// Nobody may open it for writing, not even root.
	const {username} = os.userInfo();
	const choice = await chooseAccelerator('auto', qemu, {
		...options,
		host: {...options.host, device: '/proc/sys/kernel/osrelease'},
	});
	t.deepEqual(choice, {
		accelerator: 'tcg',
		reason: `${username} may not open /proc/sys/kernel/osrelease`,
		cure: `sudo usermod -aG kvm ${username} (then log in again)`,
	});
});

test('tcg is taken without a look', async (t) => {
	const {qemu, options, starts} = await pretend(t, {qemu: emulates});
	t.deepEqual(await chooseAccelerator('tcg', qemu, options), {accelerator: 'tcg', reason: 'asked for'});
	t.is(await starts(), 0);
});
