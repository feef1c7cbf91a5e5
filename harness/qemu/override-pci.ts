import type {PciFunction} from '../profile/schema.ts';
import type {OverrideResult} from './overrides.ts';
import {headLength, parseSlot, readPciHeads} from './pci-config.ts';
import type {ProcessMemory} from './process-memory.ts';
import type {QmpClient} from './qmp.ts';

/** A function whose head shall read differently. */
export type PciOverride = {
	readonly slot: string;
	/** "revision 00 → 03" */
	readonly what: string;
	readonly before: Buffer;
	readonly wanted: Buffer;
};

type Outcome = Omit<OverrideResult, 'id'>;

/** What has to change for a row, given the head that the machine shows; an outcome where nothing can, undefined where nothing must. */
export const planPciOverride = (row: PciFunction, head: Buffer): PciOverride | Outcome | undefined => {
	const {slot} = row;
	const there = head.readUInt16LE(0) !== nobody;
	if (row.hidden) {
		const what = `${slot} hidden`;
		// Device id as well: SeaBIOS skips a slot whose vendor is ffff, Linux one whose first four bytes are all ones
		// (drivers/pci/probe.c, pci_bus_generic_read_dev_vendor_id), and would list ffff:7111.
		const wanted = Buffer.from(head).fill(0xff, 0, 4);
		return there ? {slot, what, before: head, wanted} : {what, status: 'unneeded', reason: 'QEMU has nothing there'};
	}

	const wanted = Buffer.from(head);
	wanted.writeUInt8(row.revision, 8);
	wanted.writeUIntLE(row.class, 9, 3);
	if (wanted.equals(head)) {
		return undefined;
	}

	const what = [
		...difference('revision', hex(head.readUInt8(8), 2), hex(row.revision, 2)),
		...difference('class', hex(head.readUIntLE(9, 3), 6), hex(row.class, 6)),
	].join(', ');
	return there
		? {slot, what, before: head, wanted}
		: {what, status: 'not-found', reason: `QEMU has nothing at ${slot}`};
};

/**
 * Writes it. A write counts only if the machine then shows it: whatever else in QEMU's memory looks the same is put back.
 * @param context.addresses where `before` stands in QEMU's memory
 */
export const applyPciOverride = async (
	{slot, what, before, wanted}: PciOverride,
	{
		qmp,
		memory,
		addresses,
	}: {readonly qmp: QmpClient; readonly memory: ProcessMemory; readonly addresses: readonly number[]},
): Promise<Outcome> => {
	for (const address of addresses) {
		await memory.write(address, wanted);
		const [after] = await readPciHeads(qmp, [parseSlot(slot)]);
		if (after?.equals(wanted) === true) {
			return {what, status: 'applied', reason: 'written into the stopped machine and read back through its PCI bus'};
		}

		await memory.write(address, before);
	}

	return {
		what,
		status: 'not-found',
		reason: `the first ${headLength} bytes of ${slot} were not found in QEMU's memory (${addresses.length} look-alikes tried)`,
	};
};

/** What a read of an empty slot returns as vendor. */
const nobody = 0xff_ff;

const difference = (what: string, before: string, after: string): readonly string[] =>
	before === after ? [] : [`${what} ${before} → ${after}`];

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
