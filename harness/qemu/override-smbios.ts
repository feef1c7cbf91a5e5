import type {OverrideResult} from './overrides.ts';
import type {ProcessMemory} from './process-memory.ts';

/** What an entry point begins with (DSP0134, 5.2.1: the 32-bit entry point). */
export const smbiosAnchor = Buffer.from('_SM_');

/**
 * Makes the SMBIOS entry point that QEMU hands to the firmware say another version.
 * SeaBIOS copies it from there at every start of the machine, so this survives a reset.
 * @param addresses where the anchor stands in QEMU's memory
 */
export const overrideSmbios = async (
	version: string,
	{memory, addresses}: {readonly memory: ProcessMemory; readonly addresses: readonly number[]},
): Promise<Omit<OverrideResult, 'id'>> => {
	const entries = readEntries(memory, addresses);
	const [first] = entries;
	if (first === undefined) {
		return {what: `SMBIOS ${version}`, status: 'not-found', reason: "no entry point was found in QEMU's memory"};
	}

	const was = versionOf(first.bytes);
	const others = entries.filter(({bytes}) => versionOf(bytes) !== version);
	for (const {address, bytes} of others) {
		await memory.write(address, withVersion(bytes, version));
	}

	if (others.length === 0) {
		return {what: `SMBIOS ${version}`, status: 'unneeded', reason: 'QEMU says so by itself'};
	}

	const after = readEntries(memory, addresses);
	const what = `SMBIOS ${was} → ${version}`;
	return after.every(({bytes}) => versionOf(bytes) === version)
		? {what, status: 'applied', reason: 'written into the stopped machine and read back'}
		: {what, status: 'refused', reason: 'what was written to the memory of QEMU does not stay there'};
};

/** Bytes of the entry point, and where its fields are. */
const length = 0x1f;
const checksum = 4;
const lengthField = 5;
const major = 6;
const intermediateAnchor = 16;

type Entry = {readonly address: number; readonly bytes: Buffer};

const readEntries = (memory: ProcessMemory, addresses: readonly number[]): readonly Entry[] => {
	const entries = addresses.map((address) => ({address, bytes: memory.read(address, length)}));
	// The anchor alone also stands in SeaBIOS's own code.
	return entries.filter(
		({bytes}) =>
			bytes.length === length &&
			bytes.readUInt8(lengthField) === length &&
			bytes.toString('latin1', intermediateAnchor, intermediateAnchor + 5) === '_DMI_',
	);
};

const versionOf = (entry: Buffer): string => `${entry.readUInt8(major)}.${entry.readUInt8(major + 1)}`;

const withVersion = (entry: Buffer, version: string): Buffer => {
	const changed = Buffer.from(entry);
	changed.set(version.split('.').map(Number), major);
	// All bytes together are 0 modulo 256.
	changed.writeUInt8(0, checksum);
	const sum = changed.reduce((total, byte) => total + byte, 0);
	changed.writeUInt8(-sum & 0xff, checksum);
	return changed;
};
