import type {PciFunction} from '../profile/schema.ts';
import type {Access, OverrideResult} from './overrides.ts';
import {parseSlot, readPciHeader} from './pci-config.ts';
import type {QmpClient} from './qmp.ts';

type Context = {readonly qmp: QmpClient; readonly access: Access; readonly id: string};

/** One field of a header that shall read differently. */
type Change = {readonly offset: number; readonly bytes: Buffer; readonly what: string};

/**
 * Makes one function's header read as its row says. Undefined where the row asks for nothing that QEMU does not show.
 * The header is found by its own 64 bytes as the machine shows them, and a write counts only if the machine then shows it:
 * whatever else in QEMU's memory looks the same is put back.
 */
export const overridePci = async (
	row: PciFunction,
	{qmp, access, id}: Context,
): Promise<OverrideResult | undefined> => {
	const where = parseSlot(row.slot);
	const before = await readPciHeader(qmp, where);
	const changes = changesOf(row, before);
	if (changes.length === 0) {
		return row.hidden
			? {id, what: `${row.slot} hidden`, status: 'unneeded', reason: 'QEMU has nothing there'}
			: undefined;
	}

	const what = changes.map((change) => change.what).join(', ');
	if (before.readUInt16LE(0) === nobody) {
		return {id, what, status: 'not-found', reason: `QEMU has nothing at ${row.slot}`};
	}

	if (access.memory === undefined) {
		return {id, what, status: 'refused', reason: access.refusal};
	}

	const wanted = Buffer.from(before);
	for (const {offset, bytes} of changes) {
		bytes.copy(wanted, offset);
	}

	let tried = 0;
	for await (const address of access.memory.find(before)) {
		await access.memory.write(address, wanted.subarray(0, 12));
		const after = await readPciHeader(qmp, where, 12);
		if (after.equals(wanted.subarray(0, 12))) {
			return {
				id,
				what,
				status: 'applied',
				reason: 'written into the stopped machine and read back through its PCI bus',
			};
		}

		await access.memory.write(address, before.subarray(0, 12));
		tried += 1;
	}

	return {
		id,
		what,
		status: 'not-found',
		reason: `the header was not found in QEMU's memory (${tried} look-alikes tried)`,
	};
};

/** What a read of an empty slot returns as vendor. */
const nobody = 0xff_ff;

const changesOf = (row: PciFunction, header: Buffer): readonly Change[] => {
	if (row.hidden) {
		// Vendor and device: Linux takes a function for absent only where the whole word reads as ones (drivers/pci/probe.c).
		const hidden = {offset: 0, bytes: Buffer.from([0xff, 0xff, 0xff, 0xff]), what: `${row.slot} hidden`};
		return header.readUInt16LE(0) === nobody ? [] : [hidden];
	}

	const revision = header.readUInt8(8);
	const kind = header.readUIntLE(9, 3);
	return [
		...(revision === row.revision
			? []
			: [
					{
						offset: 8,
						bytes: Buffer.from([row.revision]),
						what: `revision ${hex(revision, 2)} → ${hex(row.revision, 2)}`,
					},
				]),
		...(kind === row.class
			? []
			: [{offset: 9, bytes: classBytes(row.class), what: `class ${hex(kind, 6)} → ${hex(row.class, 6)}`}]),
	];
};

const classBytes = (value: number): Buffer => {
	const bytes = Buffer.alloc(3);
	bytes.writeUIntLE(value, 0, 3);
	return bytes;
};

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
