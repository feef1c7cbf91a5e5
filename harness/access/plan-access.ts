import {UsageError} from '../core/errors.ts';
import {type AccessMethod} from '../core/events.ts';
import {type DiskLayout, type Filesystem} from '../image/inspect-disk.ts';

export type Credentials = {readonly user: string; readonly password: string};

/** `--access` of the command line. */
export type AccessWish = 'auto' | 'shell' | 'credentials' | 'inject';

/** What a reference image's manifest says of its cheapest way in. */
export type KnownAccess =
	| {readonly access: 'shell'}
	| {readonly access: 'credentials'; readonly user: string; readonly password: string}
	| {readonly access: 'inject'};

export type AccessStep = {readonly method: Exclude<AccessMethod, 'metadata'>; readonly why: string};

/** How a root shell is to be got; decided before the machine starts, because one way has to be prepared before it. */
export type AccessPlan = {
	/** The ways that are tried, the cheapest first. */
	readonly steps: readonly AccessStep[];
	/** The ways that are not, and why. */
	readonly left: readonly AccessStep[];
	/** `injectShell` has to run before the boot. */
	readonly injectFirst: boolean;
	readonly credentials: Credentials | undefined;
};

/**
 * Orders the ways in by what they cost: a shell that is there costs nothing, a login about a second, adding a shell a boot of the appliance.
 * @throws UsageError when the way that was asked for lacks something
 */
export const planAccess = ({
	access,
	credentials,
	candidate,
	known,
}: {
	readonly access: AccessWish;
	readonly credentials: Credentials | undefined;
	readonly candidate: Pick<DiskLayout, 'partitions' | 'filesystem'>;
	/** Of a reference image; undefined for a file of the user's. */
	readonly known: KnownAccess | undefined;
}): AccessPlan => {
	const given = credentials ?? (known?.access === 'credentials' ? known : undefined);
	if (access === 'credentials' && given === undefined) {
		throw new UsageError('--access credentials needs a user and a password', {
			hint: 'Give --user NAME and --password-file FILE (or BOOTWRIGHT_PASSWORD)',
		});
	}

	const {steps, left = []} =
		access === 'auto'
			? automatic({given, known, unfit: whyNotInjectable(candidate)})
			: {steps: [{method: access, why: `--access ${access}`}]};
	return {
		steps,
		left,
		injectFirst: steps.some(({method}) => method === 'inject'),
		credentials:
			given !== undefined && steps.some(({method}) => method === 'credentials')
				? {user: given.user, password: given.password}
				: undefined,
	};
};

const automatic = ({
	given,
	known,
	unfit,
}: {
	readonly given: Credentials | undefined;
	readonly known: KnownAccess | undefined;
	readonly unfit: string | undefined;
}): {readonly steps: readonly AccessStep[]; readonly left?: readonly AccessStep[]} => {
	if (known?.access === 'shell') {
		return {steps: [{method: 'shell', why: 'this image starts one by itself'}]};
	}

	const seen: AccessStep = {method: 'shell', why: 'costs nothing where the image starts one by itself'};
	if (given !== undefined) {
		return {
			steps: [seen, {method: 'credentials', why: `user ${given.user} is given`}],
			left: [{method: 'inject', why: 'not needed: a user is given'}],
		};
	}

	const none: AccessStep = {method: 'credentials', why: 'no user is given'};
	return unfit === undefined
		? {steps: [{method: 'inject', why: 'no user is given'}, seen], left: [none]}
		: {steps: [seen], left: [none, {method: 'inject', why: unfit}]};
};

/** What the appliance can write into, or look into for such. */
const writable: ReadonlySet<Filesystem> = new Set(['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'vfat', 'LVM2_member']);

const whyNotInjectable = ({
	partitions,
	filesystem,
}: Pick<DiskLayout, 'partitions' | 'filesystem'>): string | undefined => {
	const found = [filesystem, ...partitions.map((partition) => partition.filesystem)].filter(
		(name) => name !== undefined,
	);
	if (found.some((name) => writable.has(name))) {
		return undefined;
	}

	return found.length === 0
		? 'there is no file system on the disk that is known here'
		: `there is no file system on the disk that could be changed (found: ${found.join(', ')})`;
};
