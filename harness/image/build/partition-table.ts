/** Bytes of a sector, as BIOS and partition tables count. */
export const sectorBytes = 512;

/** Where the first partition with a file system begins: 1 MiB, the usual alignment; the room before it holds the boot loader. */
export const firstSector = 2048;

/**
 * The first sector of a disk with one active Linux partition that fills it.
 * Layout: boot code up to byte 440 (none yet), disk signature, four entries of 16 bytes from 446, 55 AA (the "classical generic MBR").
 * @param options.diskId four bytes in hex
 * @param options.diskBytes size of the whole disk
 */
export const masterBootRecord = ({
	diskId,
	diskBytes,
}: {
	readonly diskId: string;
	readonly diskBytes: number;
}): Buffer => {
	const sector = Buffer.alloc(sectorBytes);
	sector.writeUInt32LE(Number.parseInt(diskId, 16), 440);
	sector[446] = 0x80; // active
	// Beyond what cylinders, heads and sectors can say: the table says so, and everybody reads the sector numbers.
	sector.set([0xfe, 0xff, 0xff], 447);
	sector[450] = 0x83; // Linux
	sector.set([0xfe, 0xff, 0xff], 451);
	sector.writeUInt32LE(firstSector, 454);
	sector.writeUInt32LE(diskBytes / sectorBytes - firstSector, 458);
	sector.writeUInt16BE(0x55_aa, 510);
	return sector;
};
