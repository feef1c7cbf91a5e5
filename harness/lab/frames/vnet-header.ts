import {HarnessBug} from '../../core/errors.ts';

/** `struct virtio_net_hdr` (linux/virtio_net.h, virtio 1.3 section 5.1.6): what stands in front of a frame on a tap with `vnet_hdr`. */
export type VnetHeader = {
	/** Of `vnetFlags`. */
	readonly flags: number;
	/** Of `gsoTypes`, perhaps with `gsoEcn`. */
	readonly gsoType: number;
	/** Bytes of Ethernet, IP and transport header: a hint, not to be trusted. */
	readonly headerBytes: number;
	/** Payload bytes of each segment but the last; 0 without segmentation. */
	readonly gsoBytes: number;
	/** Where the checksum begins, in bytes from the frame's first; with `needsChecksum` only. */
	readonly checksumStart: number;
	/** Where it is stored, in bytes from there. */
	readonly checksumOffset: number;
};

export const vnetHeaderBytes = 10;

/** `needsChecksum`: the sender left the checksum to us. `dataValid`: whoever passed it on has verified it already. */
export const vnetFlags = {needsChecksum: 1, dataValid: 2} as const;

export const gsoTypes = {none: 0, tcp4: 1, ufo: 3, tcp6: 4, udp: 5} as const;
export type GsoKind = keyof typeof gsoTypes;

/** The flow uses ECN: CWR belongs to the first segment only. */
export const gsoEcn = 0x80;

/** A whole frame whose checksum is complete and verified by nobody: the receiver has to. */
export const plainHeader: VnetHeader = {
	flags: 0,
	gsoType: 0,
	headerBytes: 0,
	gsoBytes: 0,
	checksumStart: 0,
	checksumOffset: 0,
};

/**
 * The ten bytes, little-endian: the byte order of a legacy device on x86, and the host's own on AF_PACKET there.
 * @throws HarnessBug when there are fewer
 */
export const parseVnetHeader = (bytes: Buffer): VnetHeader => {
	if (bytes.length < vnetHeaderBytes) {
		throw new HarnessBug(`A virtio-net header has ${vnetHeaderBytes} bytes; these are ${bytes.length}`);
	}

	return {
		flags: bytes.readUInt8(0),
		gsoType: bytes.readUInt8(1),
		headerBytes: bytes.readUInt16LE(2),
		gsoBytes: bytes.readUInt16LE(4),
		checksumStart: bytes.readUInt16LE(6),
		checksumOffset: bytes.readUInt16LE(8),
	};
};

/** The inverse of `parseVnetHeader`. */
export const buildVnetHeader = (header: VnetHeader): Buffer => {
	const bytes = Buffer.alloc(vnetHeaderBytes);
	bytes.writeUInt8(header.flags, 0);
	bytes.writeUInt8(header.gsoType, 1);
	bytes.writeUInt16LE(header.headerBytes, 2);
	bytes.writeUInt16LE(header.gsoBytes, 4);
	bytes.writeUInt16LE(header.checksumStart, 6);
	bytes.writeUInt16LE(header.checksumOffset, 8);
	return bytes;
};

export const needsChecksum = ({flags}: Pick<VnetHeader, 'flags'>): boolean => (flags & vnetFlags.needsChecksum) !== 0;

export const isDataValid = ({flags}: Pick<VnetHeader, 'flags'>): boolean => (flags & vnetFlags.dataValid) !== 0;

/** @returns undefined for a number that no specification has given a meaning yet */
export const gsoKind = ({gsoType}: Pick<VnetHeader, 'gsoType'>): GsoKind | undefined => {
	const type = gsoType & ~gsoEcn;
	return gsoKinds.find((kind) => gsoTypes[kind] === type);
};

const gsoKinds = Object.keys(gsoTypes) as GsoKind[];
