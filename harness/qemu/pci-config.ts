import {HarnessBug} from '../core/errors.ts';
import type {QmpClient} from './qmp.ts';

export type PciAddress = {
	/** Device number on bus 0, 0 to 31. */
	readonly slot: number;
	/** 0 to 7. */
	readonly function: number;
};

/**
 * Reads PCI configuration space as the guest would, by ports 0xcf8 and 0xcfc (PCI Local Bus 3.0, 3.2.2.3.2).
 * The machine must be stopped: a running guest uses the same two ports.
 * @param where.width bytes: 1, 2 or 4, aligned
 */
export const readPciConfig = async (
	qmp: QmpClient,
	where: PciAddress & {readonly offset: number; readonly width: 1 | 2 | 4},
): Promise<number> => {
	const [dword = 0] = await readDwords(qmp, [{...where, offset: where.offset & ~3}]);
	const shifted = dword >>> ((where.offset & 3) * 8);
	return where.width === 4 ? shifted : shifted & (2 ** (where.width * 8) - 1);
};

/** Bytes that say what a function is: vendor, device, command, status, revision, class. */
export const headLength = 12;

/** The head of each function's configuration space; all ones where there is no function. Same conditions. */
export const readPciHeads = async (qmp: QmpClient, functions: readonly PciAddress[]): Promise<readonly Buffer[]> => {
	const bytes = await readBytes(qmp, functions, headLength);
	return functions.map((_, index) => bytes.subarray(index * headLength, (index + 1) * headLength));
};

/** The whole standard header of a function: 64 bytes. Same conditions. */
export const readPciHeader = async (qmp: QmpClient, where: PciAddress): Promise<Buffer> => readBytes(qmp, [where], 64);

/** "00:01.3" → device 1, function 3. */
export const parseSlot = (slot: string): PciAddress => ({
	slot: Number.parseInt(slot.slice(3, 5), 16),
	function: Number.parseInt(slot.slice(6), 16),
});

const readBytes = async (qmp: QmpClient, functions: readonly PciAddress[], each: number): Promise<Buffer> => {
	const offsets = Array.from({length: each / 4}, (_, index) => index * 4);
	const dwords = await readDwords(
		qmp,
		functions.flatMap((where) => offsets.map((offset) => ({...where, offset}))),
	);
	const bytes = Buffer.alloc(dwords.length * 4);
	for (const [index, dword] of dwords.entries()) {
		bytes.writeUInt32LE(dword, index * 4);
	}

	return bytes;
};

/** All in one go: QEMU runs the commands of a connection in their order, and waiting for each answer would cost more than the rest. */
const readDwords = async (
	qmp: QmpClient,
	places: ReadonlyArray<PciAddress & {readonly offset: number}>,
): Promise<readonly number[]> => {
	const before = await readPort(qmp, '0xcf8');
	const values = await Promise.all(
		places.flatMap((where) => [
			writeAddress(qmp, (0x80_00_00_00 | (where.slot << 11) | (where.function << 8) | where.offset) >>> 0),
			readPort(qmp, '0xcfc'),
		]),
	);
	await writeAddress(qmp, before);
	return values.filter((value) => value !== undefined);
};

const writeAddress = async (qmp: QmpClient, value: number): Promise<undefined> => {
	await qmp.humanMonitor(`o/w 0xcf8 0x${value.toString(16)}`);
};

const readPort = async (qmp: QmpClient, port: '0xcf8' | '0xcfc'): Promise<number> => {
	// portl[0x0cfc] = 0x71108086
	const answer = await qmp.humanMonitor(`i/w ${port}`);
	const value = /= 0x(?<value>[\da-f]{1,8})$/u.exec(answer)?.groups?.['value'];
	if (value === undefined) {
		throw new HarnessBug(`The monitor answered "${answer}" to a read of port ${port}`);
	}

	return Number.parseInt(value, 16);
};
