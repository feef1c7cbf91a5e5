import {open, readFile} from 'node:fs/promises';
import os from 'node:os';
import {messageOf} from '../core/errors.ts';

/** Where this host keeps what says whether KVM can work. */
export type KvmHost = {
	readonly cpuinfo: string;
	readonly device: string;
	/** A new value at each start of the host. */
	readonly bootId: string;
};

export const kvmHost: KvmHost = {
	cpuinfo: '/proc/cpuinfo',
	device: '/dev/kvm',
	bootId: '/proc/sys/kernel/random/boot_id',
};

/** Why KVM cannot be used, and the command that mends it where there is one. */
export type KvmProblem = {readonly reason: string; readonly cure?: string | undefined};

/**
 * What can be said without starting a guest: the processor's flag, then the right to open the device.
 * Without the flag the device is left alone: it may exist, open, and hang whoever uses it.
 * @returns the first problem; undefined where there is none, which proves nothing yet
 */
export const findKvmProblem = async ({cpuinfo, device}: KvmHost = kvmHost): Promise<KvmProblem | undefined> => {
	const flag = /^flags\s*:.*\b(?<flag>vmx|svm)\b/mu.exec(await readFile(cpuinfo, 'utf8'))?.groups?.['flag'];
	if (flag === undefined) {
		return {
			reason: `the CPU flags show neither vmx nor svm, so KVM cannot run a kernel here, even where ${device} exists`,
			cure: 'Switch on virtualization in the firmware setup, nested virtualization where this host is a virtual machine.',
		};
	}

	try {
		const handle = await open(device, 'r+');
		await handle.close();
		return undefined;
	} catch (error) {
		return explain(error, {device, module: flag === 'vmx' ? 'kvm_intel' : 'kvm_amd'});
	}
};

const explain = (error: unknown, {device, module}: {readonly device: string; readonly module: string}): KvmProblem => {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	switch (code) {
		case 'ENOENT':
		case 'ENODEV':
		case 'ENXIO': {
			return {reason: `${device} does not exist, though the CPU could`, cure: `sudo modprobe ${module}`};
		}

		case 'EACCES':
		case 'EPERM': {
			const {username} = os.userInfo();
			return {
				reason: `${username} may not open ${device}`,
				cure: `sudo usermod -aG kvm ${username} (then log in again)`,
			};
		}

		default: {
			return {reason: `${device} cannot be opened: ${messageOf(error)}`};
		}
	}
};

/** What names the host's processor to a guest that sees it (`-cpu host`): model, stepping, microcode and flags of the first one. */
export const hostProcessor = async ({cpuinfo}: KvmHost = kvmHost): Promise<string> => {
	const [first = ''] = (await readFile(cpuinfo, 'utf8')).split('\n\n');
	return first
		.split('\n')
		.filter((line) => /^(?:vendor_id|cpu family|model|model name|stepping|microcode|flags)\s*:/v.test(line))
		.join('\n');
};
