import type {Profile} from './schema.ts';

/** What the machine calls itself, derived from the profile in the cloud's own way. */
export type Identity = {
	/** `GoogleCloud-` and the UUID's digits in capitals: cloud-init recognises the cloud by it. */
	readonly systemSerial: string;
	readonly boardSerial: string;
	/** What `-uuid` must say so that the guest reads the profile's UUID. */
	readonly qemuUuid: string;
	/** `42:01` and the four bytes of the address. */
	readonly mac: string;
};

export const identityOf = ({smbios, network}: Profile): Identity => {
	const digits = smbios.system.uuid.replaceAll('-', '').toUpperCase();
	return {
		systemSerial: `${smbios.system.serialPrefix}${digits}`,
		boardSerial: `${smbios.board.serialPrefix}${digits}`,
		// QEMU writes the first three fields little-endian, as SMBIOS 2.6 has it (hw/smbios/smbios.c, smbios_build_type_1_table);
		// Linux swaps them back only from 2.6 on (drivers/firmware/dmi_scan.c, dmi_save_uuid).
		qemuUuid: Number(smbios.version.slice(2)) >= 6 ? smbios.system.uuid : swapUuid(smbios.system.uuid),
		mac: macOf(network.macPrefix, network.address),
	};
};

/** The cloud makes MACs out of addresses. */
export const macOf = (prefix: string, address: string): string =>
	[prefix, ...address.split('.').map((part) => hexByte(Number(part)))].join(':');

/** 00112233-4455-6677-… → 33221100-5544-7766-…: the first three fields byte by byte in reverse. */
export const swapUuid = (uuid: string): string =>
	uuid
		.split('-')
		.map((field, index) => (index < 3 ? Buffer.from(field, 'hex').reverse().toString('hex') : field))
		.join('-');

const hexByte = (value: number): string => value.toString(16).padStart(2, '0');
