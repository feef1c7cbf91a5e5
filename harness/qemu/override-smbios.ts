import type {Access, OverrideResult} from './overrides.ts';
import type {ProcessMemory} from './process-memory.ts';

/**
 * Makes the SMBIOS entry point that QEMU hands to the firmware say another version (DSP0134, 5.2.1: the 32-bit entry point).
 * SeaBIOS copies it from there at every start of the machine and computes its checksums anew, so this survives a reset.
 */
export const overrideSmbios = async (version: string, access: Access): Promise<OverrideResult> => {
	const id = 'smbios.version';
	if (access.memory === undefined) {
		return {id, what: `SMBIOS ${version}`, status: 'refused', reason: access.refusal};
	}

	const wanted = Buffer.from(version.split('.').map(Number));
	let patched = 0;
	let was: string | undefined;
	for await (const address of entryPoints(access.memory)) {
		const entry = await access.memory.read(address, length);
		was = `${entry.readUInt8(major)}.${entry.readUInt8(major + 1)}`;
		if (was !== version) {
			const delta = wanted.readUInt8(0) + wanted.readUInt8(1) - entry.readUInt8(major) - entry.readUInt8(major + 1);
			wanted.copy(entry, major);
			entry.writeUInt8((entry.readUInt8(checksum) - delta) & 0xff, checksum);
			await access.memory.write(address, entry);
			patched += (await access.memory.read(address, length)).equals(entry) ? 1 : 0;
		}
	}

	if (was === undefined) {
		return {id, what: `SMBIOS ${version}`, status: 'not-found', reason: "no entry point was found in QEMU's memory"};
	}

	return patched === 0
		? {id, what: `SMBIOS ${version}`, status: 'unneeded', reason: 'QEMU says so by itself'}
		: {
				id,
				what: `SMBIOS ${was} → ${version}`,
				status: 'applied',
				reason: 'written into the stopped machine and read back',
			};
};

/** Bytes of the entry point and where its fields are. */
const length = 0x1f;
const checksum = 4;
const major = 6;

async function* entryPoints(memory: ProcessMemory): AsyncGenerator<number> {
	for await (const address of memory.find(Buffer.from('_SM_'))) {
		const entry = await memory.read(address, length);
		// The anchor alone also stands in SeaBIOS's own code.
		if (entry.length === length && entry.readUInt8(5) === length && entry.toString('latin1', 16, 21) === '_DMI_') {
			yield address;
		}
	}
}
