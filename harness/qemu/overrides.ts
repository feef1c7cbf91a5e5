import {HarnessBug, messageOf} from '../core/errors.ts';
import type {Profile} from '../profile/schema.ts';
import {overridePci} from './override-pci.ts';
import {overrideSmbios} from './override-smbios.ts';
import {type ProcessMemory, openProcessMemory} from './process-memory.ts';
import type {QemuProcess} from './start-qemu.ts';

/** What became of one thing that no argument of QEMU can say and that is therefore written into its memory. */
export type OverrideResult = {
	/** `pci.isaBridge`, `pci.ide`, `smbios.version`: where the profile says it. */
	readonly id: string;
	/** "revision 00 → 03": what the guest would see without it, and with it. */
	readonly what: string;
	/** `applied`: written, and read back. `unneeded`: this QEMU shows it by itself. */
	readonly status: 'applied' | 'unneeded' | 'not-found' | 'refused';
	readonly reason: string;
};

/** QEMU's memory, or why the host does not let us have it. */
export type Access = {readonly memory: ProcessMemory} | {readonly memory?: undefined; readonly refusal: string};

/**
 * Brings what QEMU has no property for to what the profile says: PCI revisions, classes and hidden functions, the SMBIOS version.
 * Must run before the first instruction, while the machine is stopped; what it changes survives resets of the guest.
 * What cannot be done is reported, not thrown: the rows that need it say so.
 * @throws HarnessBug when the machine runs already
 */
export const applyOverrides = async (
	{pid, qmp}: Pick<QemuProcess, 'pid' | 'qmp'>,
	profile: Profile,
): Promise<readonly OverrideResult[]> => {
	const status = await qmp.execute('query-status');
	if (typeof status === 'object' && status !== null && 'running' in status && status.running === true) {
		throw new HarnessBug('Overrides are for a machine that has not started yet');
	}

	const access = await openMemory(pid);
	await using _memory = access.memory;
	const results: OverrideResult[] = [];
	for (const [name, row] of Object.entries(profile.pci)) {
		const result = await overridePci(row, {qmp, access, id: `pci.${name}`});
		results.push(...(result === undefined ? [] : [result]));
	}

	return [...results, await overrideSmbios(profile.smbios.version, access)];
};

const openMemory = async (pid: number): Promise<Access> => {
	try {
		return {memory: await openProcessMemory(pid)};
	} catch (error) {
		return {refusal: `the host does not let the harness write the memory of its own QEMU: ${messageOf(error)}`};
	}
};
