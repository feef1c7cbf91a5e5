import {type FileDump, matching, textOf} from '../file-dump.ts';
import {scsiFiles, scsiTargets} from './scsi-targets.ts';

/** What a guest has to be asked for to know where its root file system is. */
export const rootFiles: readonly string[] = [
	...scsiFiles,
	'/proc/self/mountinfo',
	'/sys/class/block/*/dev',
	// What device mapper, RAID and bcache stand on, three deep: LVM in LUKS on RAID.
	...[1, 2, 3].map((depth) => `/sys/class/block/*${'/slaves/*'.repeat(depth)}/dev`),
];

/** Where the root file system is, and whether that is a disk of the machine. */
export const rootPlace = (dump: FileDump): {readonly observed: string; readonly holds: boolean} => {
	const mounts = parseMounts(textOf(dump, '/proc/self/mountinfo') ?? '');
	const root = mounts.findLast(({target}) => target === '/');
	if (root === undefined) {
		return {observed: 'absent', holds: false};
	}

	const disk = diskBelow(dump, root);
	if (disk !== undefined) {
		return {observed: `${root.type} from ${root.source} on ${disk}`, holds: true};
	}

	if (/^(?:rootfs|ramfs|tmpfs)$/v.test(root.type)) {
		return {observed: `${root.type}: in memory, as the boot loader brought it`, holds: true};
	}

	// A root in memory over a read-only one (live images, overlayroot): what it stands on is mounted too.
	const below = root.type === 'overlay' ? mounts.find((mount) => diskBelow(dump, mount) !== undefined) : undefined;
	return below === undefined
		? {observed: `${root.type} from ${root.source}, on no disk of the machine`, holds: false}
		: {observed: `overlay over ${below.type} from ${below.source} on ${diskBelow(dump, below) ?? ''}`, holds: true};
};

type Mount = {readonly device: string; readonly target: string; readonly type: string; readonly source: string};

/** proc(5), mountinfo: device and mount point are the third and fifth field; type and source follow the lone dash. */
const parseMounts = (text: string): readonly Mount[] =>
	text.split('\n').flatMap((line) => {
		const [front = '', back = ''] = line.split(' - ');
		const {2: device = '', 4: target = ''} = front.split(' ');
		const [type = '', source = ''] = back.split(' ');
		return {device, target, type, source};
	});

/** Name of the SCSI disk on which a mount's device stands, through whatever is in between. */
const diskBelow = (dump: FileDump, mount: Mount): string | undefined => {
	const names = matching(dump, /^\/sys\/class\/block\/(?<name>[^\/]+)\/dev$/v).map(
		({groups: [name = ''], content}) => ({
			name,
			number: content.toString().trim(),
		}),
	);
	// Btrfs numbers its mounts itself: there the source says the device.
	const name = names.find(
		({name: device, number}) => number === mount.device || `/dev/${device}` === mount.source,
	)?.name;
	if (name === undefined) {
		return undefined;
	}

	const below = matching(dump, /^\/sys\/class\/block\/(?<name>[^\/]+)\/(?:slaves\/[^\/]+\/)+dev$/v)
		.filter(({groups: [device]}) => device === name)
		.map(({content}) => content.toString().trim());
	const numbers = new Set([names.find((one) => one.name === name)?.number ?? '', ...below]);
	return scsiTargets(dump).find(({deviceNumbers}) => deviceNumbers.some((number) => numbers.has(number)))?.block;
};
