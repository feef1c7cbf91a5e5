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
	const before = await readPort(qmp, 0xc_f8);
	const dword = await readDword(qmp, where, where.offset & ~3);
	await writePort(qmp, 0xc_f8, before);
	const shifted = dword >>> ((where.offset & 3) * 8);
	return where.width === 4 ? shifted : shifted & (2 ** (where.width * 8) - 1);
};

/** The first `bytes` bytes of a function's configuration space; 64 is the standard header. Same conditions. */
export const readPciHeader = async (qmp: QmpClient, where: PciAddress, bytes = 64): Promise<Buffer> => {
	const header = Buffer.alloc(bytes);
	const before = await readPort(qmp, 0xc_f8);
	for (let offset = 0; offset < bytes; offset += 4) {
		header.writeUInt32LE(await readDword(qmp, where, offset), offset);
	}

	await writePort(qmp, 0xc_f8, before);
	return header;
};

/** "00:01.3" → device 1, function 3. */
export const parseSlot = (slot: string): PciAddress => ({
	slot: Number.parseInt(slot.slice(3, 5), 16),
	function: Number.parseInt(slot.slice(6), 16),
});

const readDword = async (qmp: QmpClient, where: PciAddress, offset: number): Promise<number> => {
	await writePort(qmp, 0xc_f8, (0x80_00_00_00 | (where.slot << 11) | (where.function << 8) | offset) >>> 0);
	return readPort(qmp, 0xc_fc);
};

const writePort = async (qmp: QmpClient, port: number, value: number): Promise<void> => {
	await qmp.humanMonitor(`o/w 0x${port.toString(16)} 0x${value.toString(16)}`);
};

const readPort = async (qmp: QmpClient, port: number): Promise<number> => {
	// portl[0x0cfc] = 0x71108086
	const answer = await qmp.humanMonitor(`i/w 0x${port.toString(16)}`);
	const value = /= 0x(?<value>[\da-f]{1,8})$/u.exec(answer)?.groups?.['value'];
	if (value === undefined) {
		throw new HarnessBug(`The monitor answered "${answer}" to a read of port 0x${port.toString(16)}`);
	}

	return Number.parseInt(value, 16);
};
