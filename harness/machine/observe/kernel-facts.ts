import {type KernelOption} from '../../core/requirements/ids.ts';
import {type FileDump, textOf} from '../file-dump.ts';
import {netFiles, netInterfaces} from './net-interfaces.ts';
import {pciFiles, pciFunctions} from './pci-functions.ts';
import {scsiAdapters, scsiFiles, scsiTargets} from './scsi-targets.ts';

/** What the kernel rows need to know beside the configuration. */
export type KernelFacts = {
	/** Options whose driver has a device that works in this boot. */
	readonly seenWorking: ReadonlySet<KernelOption>;
	/** Active security modules; undefined on kernels without the list (before 4.11), or without securityfs. */
	readonly lsms: readonly string[] | undefined;
	/** Yama registers its sysctls only where it is active (security/yama/yama_lsm.c). */
	readonly yamaSysctl: boolean;
};

const lsmList = '/sys/kernel/security/lsm';
const yamaSysctl = '/proc/sys/kernel/yama/ptrace_scope';

/** What a guest has to be asked for about its running kernel. */
export const kernelFiles: readonly string[] = [...pciFiles, ...netFiles, ...scsiFiles, lsmList, yamaSysctl];

export const kernelFacts = (dump: FileDump): KernelFacts => {
	const working: ReadonlyArray<readonly [KernelOption, boolean]> = [
		['VIRTIO_PCI', pciFunctions(dump).some(({driver}) => driver === 'virtio-pci')],
		['SCSI_VIRTIO', scsiAdapters(dump).length > 0 && scsiTargets(dump).some(({block}) => block !== undefined)],
		['VIRTIO_NET', netInterfaces(dump).some(({driver}) => driver === 'virtio_net')],
	];
	return {
		seenWorking: new Set(working.filter(([, works]) => works).map(([option]) => option)),
		lsms: textOf(dump, lsmList)?.split(','),
		yamaSysctl: dump.has(yamaSysctl),
	};
};
