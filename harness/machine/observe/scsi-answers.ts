import {HostError} from '../../core/errors.ts';
import {type Guest} from '../guest.ts';
import {type ScsiTarget} from './scsi-targets.ts';

/** What a disk itself answers, as bytes, through whatever the guest has to pass it on. */
export type ScsiAnswers = {
	/** Standard INQUIRY data, at least three bytes. */
	readonly inquiry: Buffer | undefined;
	/** LBPME bit of READ CAPACITY(16), byte 14 (SBC-3 5.16.2). */
	readonly lbpme: boolean | undefined;
	/** Bytes of a VPD page; undefined where the guest cannot show it, or the disk has none. */
	readonly page: (number: number) => Buffer | undefined;
	/** Whether page 00 names a page; undefined where the guest cannot show page 00. */
	readonly lists: (number: number) => boolean | undefined;
};

/** Asks sysfs, and sg3-utils for what sysfs of an older kernel does not show. Where the image lacks them, the toolbox brings them. */
export const askDisk = async (guest: Guest, disk: ScsiTarget | undefined): Promise<ScsiAnswers> => {
	const raw = await sgUtils(guest, disk);
	const vpd = new Map(disk?.vpd);
	for (const number of [0x00, 0xb0, 0xb2]) {
		const bytes = vpd.has(number) ? undefined : await raw(['sg_vpd', `--raw --page=${number}`]);
		if (bytes !== undefined) {
			vpd.set(number, bytes);
		}
	}

	const inquiry = disk?.inquiry ?? (await raw(['sg_inq', '--raw']));
	const capacity = disk?.lbpme === undefined ? await raw(['sg_readcap', '--16 --raw']) : undefined;
	return {
		inquiry: inquiry !== undefined && inquiry.length >= 3 ? inquiry : undefined,
		lbpme:
			disk?.lbpme ??
			(capacity !== undefined && capacity.length >= 15 ? (capacity.readUInt8(14) & 0x80) !== 0 : undefined),
		page: (number) => vpd.get(number),
		lists: (number) => listed(vpd.get(0), number),
	};
};

/** SPC-4 7.8.10: the list of pages begins after a header of four bytes. */
const listed = (supported: Buffer | undefined, number: number): boolean | undefined =>
	supported?.subarray(4).includes(number);

/** Runs one program of sg3-utils on the disk, the image's own or one brought in: its bytes, or undefined where there is none or it fails. */
const sgUtils = async (
	guest: Guest,
	disk: ScsiTarget | undefined,
): Promise<(command: SgCommand) => Promise<Buffer | undefined>> => {
	const {tools} = await guest.facts();
	return async ([program, options]) => {
		const found = disk?.block === undefined || tools.has(program) ? program : await broughtIn(guest, program);
		if (disk?.block === undefined || found === undefined) {
			return undefined;
		}

		const {status, stdout} = await guest.run(`${found} ${options} /dev/${disk.block}`, {maxBytes: 4096});
		return status === 0 && stdout.length > 0 ? stdout : undefined;
	};
};

type SgCommand = readonly [program: 'sg_inq' | 'sg_readcap' | 'sg_vpd', options: string];

const broughtIn = async (guest: Guest, program: SgCommand[0]): Promise<string | undefined> => {
	try {
		return await guest.tool(program);
	} catch (error) {
		if (error instanceof HostError) {
			return undefined;
		}

		throw error;
	}
};
