import type {KernelRequiredOption} from '../core/requirements/ids.ts';
import {cite, kernelHistory} from '../core/requirements/kernel-history.ts';
import {
	type KernelRule,
	fail,
	mustBeDriven,
	mustBeSet,
	pass,
	seen,
	stateOf,
	valueOf,
	versionUnknown,
} from './kernel-rule.ts';

const kvmClock: KernelRule = (look) => {
	const change = kernelHistory.kvmClockMerged;
	const merged = look.age.has(change);
	const version = look.age.evidence(change);
	if (merged === true) {
		return pass(`does not apply: part of CONFIG_KVM_GUEST since ${cite(change)}`, version);
	}

	if (merged === undefined) {
		return versionUnknown(`${stateOf(look, 'KVM_CLOCK')}, and whether this kernel has it is not known`, version);
	}

	return mustBeSet('KVM_CLOCK')(look);
};

/** The cloud's devices are legacy ones. Kernels without the second option always drive them. */
const virtioPci: KernelRule = (look) => {
	const judgement = mustBeDriven('VIRTIO_PCI')(look);
	if (judgement.verdict === 'fail' || valueOf(look, 'VIRTIO_PCI_LEGACY') === undefined) {
		return judgement;
	}

	const legacy = valueOf(look, 'VIRTIO_PCI_LEGACY') === 'y';
	const evidence = seen(look, 'VIRTIO_PCI_LEGACY', {expected: 'y', holds: legacy});
	const [first = evidence, ...rest] = judgement.evidence;
	return legacy
		? {...judgement, evidence: [first, ...rest, evidence]}
		: fail(
				`${stateOf(look, 'VIRTIO_PCI_LEGACY')}: this kernel finds none of the cloud's devices`,
				first,
				...rest,
				evidence,
			);
};

export const requiredRules: Readonly<Record<KernelRequiredOption, KernelRule>> = {
	KVM_GUEST: mustBeSet('KVM_GUEST'),
	KVM_CLOCK: kvmClock,
	VIRTIO_PCI: virtioPci,
	SCSI_VIRTIO: mustBeDriven('SCSI_VIRTIO'),
	VIRTIO_NET: mustBeDriven('VIRTIO_NET'),
	PCI_MSI: mustBeSet('PCI_MSI'),
};
