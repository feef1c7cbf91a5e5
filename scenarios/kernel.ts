import {readFile} from 'node:fs/promises';
import {
	type Guest,
	type Judgement,
	type KernelConfig,
	type KernelContext,
	type Machine,
	judgeKernelOptions,
	kernelFacts,
	kernelFiles,
	kernelIds,
	readKernelConfig,
	scenario,
} from '../harness/index.ts';

export default scenario({
	id: 'kernel',
	title: 'Kernel options: the cloud’s drivers, and hardening',
	proves: kernelIds,
	needsGuest: true,
	async run({guest, machine, judge}) {
		const found = await findConfig(guest, machine);
		const judgements = found === undefined ? undefined : judgeKernelOptions(found, await contextOf(guest));
		const skipped = await missing(guest);
		for (const id of kernelIds) {
			judge(id, judgements?.get(id) ?? skipped);
		}
	},
});

/** The running kernel's own word first, then the file that came with it, then the file that the person gave. */
const findConfig = async (guest: Guest, {boot}: Machine): Promise<KernelConfig | undefined> => {
	const paths = await places(guest);
	for (const path of paths) {
		const bytes = await compressed(guest, path);
		const config = bytes && usable(bytes);
		if (config !== undefined) {
			return config;
		}
	}

	return boot.kernelConfigFile === undefined ? undefined : readKernelConfig(await readFile(boot.kernelConfigFile));
};

/** A file of the image that only bears the name is as good as none. */
const usable = (bytes: Buffer): KernelConfig | undefined => {
	try {
		return readKernelConfig(bytes);
	} catch {
		return undefined;
	}
};

const places = async (guest: Guest): Promise<readonly string[]> => {
	const {kernelRelease} = await guest.facts();
	return ['/proc/config.gz', `/boot/config-${kernelRelease}`, `/lib/modules/${kernelRelease}/config`];
};

/** A serial port is slow: whatever is not compressed yet comes compressed where the guest can. */
const compressed = async (guest: Guest, path: string): Promise<Buffer | undefined> => {
	const command = `f='${path.replaceAll("'", '')}'; [ -s "$f" ] || exit 1; case $f in *.gz) cat "$f";; *) gzip -c "$f" || cat "$f";; esac`;
	const {status, stdout} = await guest.run(command, {maxBytes: 4 * 1024 * 1024});
	return status === 0 && stdout.length > 0 ? stdout : undefined;
};

const contextOf = async (guest: Guest): Promise<KernelContext> => {
	const facts = kernelFacts(await guest.readAll(kernelFiles));
	const tellsYama = facts.lsms !== undefined || facts.yamaSysctl;
	return {
		...facts,
		release: (await guest.facts()).kernelRelease,
		offline: false,
		// Costs a round trip: only where nothing better tells.
		yamaBootLog: tellsYama ? undefined : (await guest.run("dmesg | grep -q 'Yama: becoming mindful'")).status === 0,
	};
};

const missing = async (guest: Guest): Promise<Judgement> => ({
	verdict: 'skip',
	reason: `the image does not carry the configuration of its kernel: no usable ${(await places(guest)).join(', no ')}`,
	evidence: [],
	fix: 'Give it: bootwright test --config FILE. Or let the image carry it: CONFIG_IKCONFIG=y and CONFIG_IKCONFIG_PROC=y, or a file /boot/config-VERSION.',
});
