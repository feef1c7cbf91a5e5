/** Block Limits, page B0h (SBC-3 6.5.3). SBC-2 pages are 0Ch long; SBC-3 made them 3Ch. */
export type BlockLimits = {
	/** PAGE LENGTH: bytes after the header of four. */
	readonly pageLength: number;
	/** MAXIMUM UNMAP LBA COUNT, in logical blocks; 0 where the unit does not support UNMAP. */
	readonly maximumUnmapBlocks: number;
};

/** Logical Block Provisioning, page B2h (SBC-3 6.5.4). */
export type LogicalBlockProvisioning = {
	readonly pageLength: number;
	/** LBPU: UNMAP unmaps blocks. */
	readonly unmap: boolean;
	/** LBPWS or LBPWS10: WRITE SAME unmaps blocks. */
	readonly writeSame: boolean;
	/** PROVISIONING TYPE: 0 full or not said, 1 resource, 2 thin. */
	readonly provisioningType: number;
};

/** @returns undefined where the bytes are not a page B0 */
export const parseBlockLimits = (page: Buffer | undefined): BlockLimits | undefined => {
	if (page === undefined || !isPage(page, 0xb0)) {
		return undefined;
	}

	return {pageLength: page.readUInt16BE(2), maximumUnmapBlocks: page.length >= 24 ? page.readUInt32BE(20) : 0};
};

/** @returns undefined where the bytes are not a page B2 */
export const parseProvisioning = (page: Buffer | undefined): LogicalBlockProvisioning | undefined => {
	if (page === undefined || !isPage(page, 0xb2) || page.length < 8) {
		return undefined;
	}

	const bits = page.readUInt8(5);
	return {
		pageLength: page.readUInt16BE(2),
		unmap: (bits & 0x80) !== 0,
		writeSame: (bits & 0x60) !== 0,
		provisioningType: page.readUInt8(6) & 0x07,
	};
};

/** Every VPD page begins with the device type, its own number, and its length (SPC-4 7.8.1). */
const isPage = (page: Buffer, number: number): boolean => page.length >= 4 && page[1] === number;
