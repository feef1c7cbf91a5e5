import {BootwrightError, HarnessBug, messageOf} from '../core/errors.ts';
import type {PciFunction, Profile} from '../profile/schema.ts';
import {type PciOverride, applyPciOverride, planPciOverride} from './override-pci.ts';
import {overrideSmbios, smbiosAnchor} from './override-smbios.ts';
import {parseSlot, readPciHeads} from './pci-config.ts';
import {type ProcessMemory, openProcessMemory} from './process-memory.ts';
import type {QmpClient} from './qmp.ts';
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

/**
 * Brings what QEMU has no property for to what the profile says: PCI revisions, classes and hidden functions, the SMBIOS version.
 * Must run before the first instruction, while the machine is stopped; what it changes survives resets of the guest.
 * What cannot be done is reported, not thrown: the rows that need it say so.
 * @param options.openMemory how QEMU's memory is opened, for tests
 * @throws HarnessBug when the machine runs already; HostError when QEMU dies
 */
export const applyOverrides = async (
	{pid, qmp}: Pick<QemuProcess, 'pid' | 'qmp'>,
	profile: Profile,
	{openMemory = openProcessMemory}: {readonly openMemory?: (pid: number) => Promise<ProcessMemory>} = {},
): Promise<readonly OverrideResult[]> => {
	const status = await qmp.execute('query-status');
	if (typeof status === 'object' && status !== null && 'running' in status && status.running === true) {
		throw new HarnessBug('Overrides are for a machine that has not started yet');
	}

	const wishes = [...(await pciWishes(qmp, profile)), smbiosWish(profile)];
	try {
		await using memory = await openMemory(pid);
		return await grantAll(wishes, {qmp, memory});
	} catch (error) {
		return wishes.map((wish) => wish.settled ?? refuse(wish, error));
	}
};

/** The host said no. @throws the error itself where it is not the host's: QEMU died, the run was interrupted */
const refuse = ({id, what}: Wish, error: unknown): OverrideResult => {
	if (error instanceof BootwrightError) {
		throw error;
	}

	const reason = `the host does not let the harness write the memory of its own QEMU: ${messageOf(error)}`;
	return {id, what, status: 'refused', reason};
};

type Hands = {readonly qmp: QmpClient; readonly memory: ProcessMemory};

/** Something that shall be otherwise: settled without touching memory, or the pattern to look for there and what to do with the finds. */
type Wish = {readonly id: string; readonly what: string} & (
	| {readonly settled: OverrideResult}
	| {
			readonly settled?: undefined;
			readonly pattern: Buffer;
			readonly grant: (hands: Hands, addresses: readonly number[]) => Promise<Omit<OverrideResult, 'id'>>;
	  }
);

const pciWishes = async (qmp: QmpClient, {pci}: Profile): Promise<readonly Wish[]> => {
	const rows = Object.entries(pci).filter((entry): entry is [string, PciFunction] => entry[1] !== undefined);
	const heads = await readPciHeads(
		qmp,
		rows.map(([, {slot}]) => parseSlot(slot)),
	);
	return rows.flatMap(([name, row], index) => {
		const plan = planPciOverride(row, heads[index] ?? Buffer.alloc(0));
		return plan === undefined ? [] : pciWish(`pci.${name}`, plan);
	});
};

const pciWish = (id: string, plan: PciOverride | Omit<OverrideResult, 'id'>): Wish =>
	'status' in plan
		? {id, what: plan.what, settled: {id, ...plan}}
		: {
				id,
				what: plan.what,
				pattern: plan.before,
				grant: async (hands, addresses) => applyPciOverride(plan, {...hands, addresses}),
			};

const smbiosWish = ({smbios: {version}}: Profile): Wish => ({
	id: 'smbios.version',
	what: `SMBIOS ${version}`,
	pattern: smbiosAnchor,
	grant: async ({memory}, addresses) => overrideSmbios(version, {memory, addresses}),
});

/** First where QEMU has it by all that is known of it: in a block of its own. A wish that finds nothing there is looked for everywhere. */
const grantAll = async (wishes: readonly Wish[], hands: Hands): Promise<readonly OverrideResult[]> => {
	const {memory} = hands;
	const first = await grantBy(async (patterns) => memory.findBlocks(patterns), wishes, hands);
	if (first.every(({status}) => status !== 'not-found')) {
		return first;
	}

	const open = wishes.map((wish, index) => {
		const {id, what} = wish;
		const result = first[index];
		return result === undefined || result.status === 'not-found' ? wish : {id, what, settled: result};
	});
	return grantBy(async (patterns) => memory.find(patterns), open, hands);
};

const grantBy = async (
	find: ProcessMemory['find'],
	wishes: readonly Wish[],
	hands: Hands,
): Promise<readonly OverrideResult[]> => {
	const patterns = wishes.flatMap((wish) => (wish.settled === undefined ? [wish.pattern] : []));
	const found = (await find(patterns)).values();
	const results: OverrideResult[] = [];
	for (const wish of wishes) {
		results.push(wish.settled ?? {id: wish.id, ...(await wish.grant(hands, found.next().value ?? []))});
	}

	return results;
};
