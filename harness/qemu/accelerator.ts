import {HostError} from '../core/errors.ts';
import type {QemuBinary} from './find-qemu.ts';
import {type KvmHost, type KvmProblem, findKvmProblem, kvmHost} from './kvm-host.ts';
import {keepProof, proofCache, proofKey, recallProof} from './proof-cache.ts';
import {proveAccelerator} from './prove-accelerator.ts';

export type Accelerator = {
	readonly accelerator: 'tcg' | 'kvm';
	/** Why this one: for the report, without a full stop. */
	readonly reason: string;
	/** What would bring KVM, where `auto` had to do without. */
	readonly cure?: string | undefined;
};

type Options = {
	readonly signal?: AbortSignal | undefined;
	/** Another host's files, for tests. */
	readonly host?: KvmHost | undefined;
	readonly cache?: string | undefined;
};

/**
 * `auto` takes KVM only when it was proven on this host: the processor's flag, the right to open the device, and a tiny guest
 * that reached long mode and answered. The guest's answer is kept until the host starts again; the rest is looked at each time.
 * @throws HostError when `kvm` was asked for and is not usable; the signal's reason when it is aborted
 */
export const chooseAccelerator = async (
	wanted: 'auto' | 'kvm' | 'tcg',
	qemu: QemuBinary,
	options: Options = {},
): Promise<Accelerator> => {
	if (wanted === 'tcg') {
		return {accelerator: 'tcg', reason: 'asked for'};
	}

	const problem = await examineKvm(wanted, qemu, options);
	if (problem === undefined) {
		return {
			accelerator: 'kvm',
			reason: `${wanted === 'kvm' ? 'asked for, and ' : ''}proven on this host by a tiny guest`,
		};
	}

	if (wanted === 'kvm') {
		throw new HostError(`KVM is not usable here: ${problem.reason}`, {
			hint: `${problem.cure ?? 'See the kernel log of this host.'} Or let QEMU emulate: --accel tcg`,
		});
	}

	return {accelerator: 'tcg', ...problem};
};

const examineKvm = async (
	wanted: 'auto' | 'kvm',
	qemu: QemuBinary,
	{signal, host = kvmHost, cache = proofCache()}: Options,
): Promise<KvmProblem | undefined> => {
	const problem = await findKvmProblem(host);
	if (problem !== undefined) {
		return problem;
	}

	const key = await proofKey(host, qemu);
	const kept = await recallProof(cache, key);
	// Whoever insists gets another try: the host may have been busy.
	const recalled = kept?.proven === false && wanted === 'kvm' ? undefined : kept;
	const proof = recalled ?? (await proveAccelerator('kvm', qemu, {signal}));
	if (recalled === undefined) {
		await keepProof(cache, {key, proof});
	}

	return proof.proven
		? undefined
		: {
				reason: `${host.device} opens, but KVM is broken: ${proof.reason}`,
				cure: recalled === undefined ? 'sudo dmesg | grep -i kvm' : `rm ${cache} (tries once more)`,
			};
};
