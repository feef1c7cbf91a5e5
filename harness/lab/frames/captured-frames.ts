import {HarnessBug} from '../../core/errors.ts';
import type {FrameDirection} from './frame-filter.ts';
import {type VnetHeader, parseVnetHeader, vnetHeaderBytes} from './vnet-header.ts';

export type CapturedFrame = {
	readonly direction: FrameDirection;
	/** Nanoseconds since the Unix epoch, by the host's clock. */
	readonly timeNs: bigint;
	readonly header: VnetHeader;
	/** Ethernet frame from its first byte, at most as much as was asked for. */
	readonly bytes: Buffer;
	/** Of the whole frame. */
	readonly wireBytes: number;
};

/**
 * The records that `frames.py` writes: captured and whole length (u32), nanoseconds (u64), direction (u8), virtio-net header, bytes.
 * @throws HarnessBug when the file ends inside a record
 */
export const parseCapturedFrames = (file: Buffer): readonly CapturedFrame[] => {
	const frames: CapturedFrame[] = [];
	for (let at = 0; at < file.length;) {
		const start = at + prefixBytes + vnetHeaderBytes;
		const end = start + (file.length >= start ? file.readUInt32LE(at) : 0);
		if (file.length < start || file.length < end) {
			throw new HarnessBug(`The captured frames end inside a record, at byte ${at} of ${file.length}`);
		}

		frames.push({
			direction: file.readUInt8(at + 16) === 1 ? 'to-guest' : 'from-guest',
			timeNs: file.readBigUInt64LE(at + 8),
			header: parseVnetHeader(file.subarray(at + prefixBytes, start)),
			bytes: file.subarray(start, end),
			wireBytes: file.readUInt32LE(at + 4),
		});
		at = end;
	}

	return frames;
};

const prefixBytes = 17;
