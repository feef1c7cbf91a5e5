import {type Guest} from '../guest.ts';

/** Programs of the toolbox, by their paths in the guest. */
export type OffloadTools = {
	readonly ip: string;
	readonly ethtool: string;
	readonly socat: string;
	readonly busybox: string;
	/** Where files may lie meanwhile: a file system in the guest's memory, so no disk of the image is written. */
	readonly directory: string;
};

/** @throws HostError where the guest has no tools */
export const offloadTools = async (guest: Guest): Promise<OffloadTools> => {
	const ip = await guest.tool('ip');
	return {
		ip,
		ethtool: await guest.tool('ethtool'),
		socat: await guest.tool('socat'),
		busybox: await guest.tool('busybox'),
		directory: ip.slice(0, ip.lastIndexOf('/bin/')),
	};
};
