import {BootwrightError, HarnessBug, messageOf} from '../core/errors.ts';
import type {PciFunction, Profile} from '../profile/schema.ts';
import {type PciOverride, applyPciOverride, planPciOverride} from './override-pci.ts';
import {overrideSmbios, smbiosAnchor} from './override-smbios.ts';
import {parseSlot, readPciHeads} from './pci-config.ts';
import {type ProcessMemory, openProcessMemory} from './process-memory.ts';
import type {Place} from './process-places.ts';
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
 * @param options.known of an earlier machine; filled in where it is empty
 * @throws HarnessBug when the machine runs already; HostError when QEMU dies
 */
export const applyOverrides = async (
	{pid, qmp}: Pick<QemuProcess, 'pid' | 'qmp'>,
	profile: Profile,
	{
		openMemory = openProcessMemory,
		known = {},
	}: {readonly openMemory?: (pid: number) => Promise<ProcessMemory>; readonly known?: KnownPlaces} = {},
): Promise<readonly OverrideResult[]> => {
	const status = await qmp.execute('query-status');
	if (typeof status === 'object' && status !== null && 'running' in status && status.running === true) {
		throw new HarnessBug('Overrides are for a machine that has not started yet');
	}

	const tools = {qmp, pid, openMemory};
	const early = await grantByKnown(profile, known, tools);
	if (early.length > 0 && early.every(({status}) => status !== 'not-found')) {
		return early;
	}

	const heads = await readHeads(qmp, profile);
	const late = await grantAll(wishesFor(profile, heads), {
		...tools,
		async find(memory, patterns) {
			const found = await memory.find(patterns);
			try {
				known.places ??= await Promise.all(found.map(async (addresses) => memory.placesOf(addresses)));
				known.heads ??= heads.map((head) => head.toString('hex'));
			} catch {
				// Its process is gone: the next command to it says so.
			}

			return found;
		},
	});
	// What was granted already is no wish any more.
	const granted = early.filter(({status}) => status === 'applied');
	return new Map([...early, ...late, ...granted].map((result) => [result.id, result])).values().toArray();
};

/**
 * What a machine showed before anything was changed, and where it was found: the same in every machine that the same QEMU makes of the
 * same profile, and most of the work of finding out. Nothing relies on it: what is written is read back in either case.
 */
export type KnownPlaces = {
	/** Of the profile's PCI functions, in their order, as hexadecimal. */
	heads?: readonly string[] | undefined;
	/** Of everything that was to be changed, in its order. */
	places?: ReadonlyArray<readonly Place[]> | undefined;
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

const grantByKnown = async (
	profile: Profile,
	{heads, places}: KnownPlaces,
	tools: Omit<Tools, 'find'>,
): Promise<readonly OverrideResult[]> =>
	heads === undefined || places === undefined
		? []
		: grantAll(
				wishesFor(
					profile,
					heads.map((head) => Buffer.from(head, 'hex')),
				),
				{...tools, find: async (memory, patterns) => memory.findNear(patterns, places)},
			);

type Tools = Pick<Hands, 'qmp'> & {
	readonly pid: number;
	readonly openMemory: (pid: number) => Promise<ProcessMemory>;
	readonly find: (memory: ProcessMemory, patterns: readonly Buffer[]) => ReturnType<ProcessMemory['find']>;
};

/** Something that shall be otherwise: settled without touching memory, or the pattern to look for there and what to do with the finds. */
type Wish = {readonly id: string; readonly what: string} & (
	| {readonly settled: OverrideResult}
	| {
			readonly settled?: undefined;
			readonly pattern: Buffer;
			readonly grant: (hands: Hands, addresses: readonly number[]) => Promise<Omit<OverrideResult, 'id'>>;
	  }
);

const rowsOf = ({pci}: Profile): ReadonlyArray<[string, PciFunction]> =>
	Object.entries(pci).filter((entry): entry is [string, PciFunction] => entry[1] !== undefined);

const readHeads = async (qmp: QmpClient, profile: Profile): Promise<readonly Buffer[]> =>
	readPciHeads(
		qmp,
		rowsOf(profile).map(([, {slot}]) => parseSlot(slot)),
	);

const wishesFor = (profile: Profile, heads: readonly Buffer[]): readonly Wish[] => [
	...rowsOf(profile).flatMap(([name, row], index) => {
		const plan = planPciOverride(row, heads[index] ?? Buffer.alloc(0));
		return plan === undefined ? [] : pciWish(`pci.${name}`, plan);
	}),
	smbiosWish(profile),
];

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

const grantAll = async (
	wishes: readonly Wish[],
	{qmp, pid, openMemory, find}: Tools,
): Promise<readonly OverrideResult[]> => {
	const patterns = wishes.flatMap((wish) => (wish.settled === undefined ? [wish.pattern] : []));
	try {
		await using memory = await openMemory(pid);
		const found = (await find(memory, patterns)).values();
		const results: OverrideResult[] = [];
		for (const wish of wishes) {
			const addresses = wish.settled === undefined ? (found.next().value ?? []) : [];
			results.push(wish.settled ?? {id: wish.id, ...(await wish.grant({qmp, memory}, addresses))});
		}

		return results;
	} catch (error) {
		return wishes.map((wish) => wish.settled ?? refuse(wish, error));
	}
};
