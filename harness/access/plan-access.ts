import {HostError, UsageError} from '../core/errors.ts';
import {type AccessMethod} from '../core/events.ts';
import {type DiskLayout, type Filesystem} from '../image/inspect-disk.ts';

export type Credentials = {readonly user: string; readonly password: string};

/** `--access` of the command line. */
export type AccessWish = 'auto' | AccessMethod;

/** What a reference image's manifest says of its cheapest way in. */
export type KnownAccess =
	| {readonly access: 'shell'}
	| {readonly access: 'credentials'; readonly user: string; readonly password: string}
	| {readonly access: 'inject'}
	| {readonly access: 'metadata'};

export type AccessStep = {readonly method: AccessMethod; readonly why: string};

/** How a root shell is to be got; decided before the machine starts, because one way has to be prepared before it. */
export type AccessPlan = {
	/** The ways that are tried, the cheapest first. */
	readonly steps: readonly AccessStep[];
	/** The ways that are not, and why. */
	readonly left: readonly AccessStep[];
	/** `injectShell` has to run before the boot. */
	readonly injectFirst: boolean;
	/** The metadata server has to offer a shell. */
	readonly offerMetadata: boolean;
	readonly credentials: Credentials | undefined;
};

/**
 * Orders the ways in by what they cost: a shell that is there costs nothing, a login about a second, adding a shell a boot of the appliance.
 * Metadata cost nothing, but an image has to have an agent that reads them, and that one runs late in the boot.
 * @throws UsageError when the way that was asked for lacks something; HostError when it needs a lab and there is none
 */
export const planAccess = ({
	access,
	credentials,
	candidate,
	known,
	noLab,
}: {
	readonly access: AccessWish;
	readonly credentials: Credentials | undefined;
	readonly candidate: Pick<DiskLayout, 'partitions' | 'filesystem'>;
	/** Of a reference image; undefined for a file of the user's. */
	readonly known: KnownAccess | undefined;
	/** Why there is no lab, and so no metadata server; undefined where there is one. */
	readonly noLab: {readonly why: string; readonly hint?: string | undefined} | undefined;
}): AccessPlan => {
	const given = credentials ?? (known?.access === 'credentials' ? known : undefined);
	if (access === 'credentials' && given === undefined) {
		throw new UsageError('--access credentials needs a user and a password', {
			hint: 'Give --user NAME and --password-file FILE (or BOOTWRIGHT_PASSWORD)',
		});
	}

	if (access === 'metadata' && noLab !== undefined) {
		throw new HostError(`--access metadata needs the network lab: ${noLab.why}`, {hint: noLab.hint});
	}

	const {steps, left = []} =
		access === 'auto'
			? automatic({given, known, unfit: whyNotInjectable(candidate), noLab: noLab?.why})
			: {steps: [{method: access, why: `--access ${access}`}]};
	return {
		steps,
		left,
		injectFirst: steps.some(({method}) => method === 'inject'),
		offerMetadata: steps.some(({method}) => method === 'metadata'),
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
	noLab,
}: {
	readonly given: Credentials | undefined;
	readonly known: KnownAccess | undefined;
	readonly unfit: string | undefined;
	readonly noLab: string | undefined;
}): {readonly steps: readonly AccessStep[]; readonly left?: readonly AccessStep[]} => {
	if (known?.access === 'shell') {
		return {steps: [{method: 'shell', why: 'this image starts one by itself'}]};
	}

	const seen: AccessStep = {method: 'shell', why: 'costs nothing where the image starts one by itself'};
	if (given !== undefined) {
		return {
			steps: [seen, {method: 'credentials', why: `user ${given.user} is given`}],
			left: [
				{method: 'metadata', why: 'not needed: a user is given'},
				{method: 'inject', why: 'not needed: a user is given'},
			],
		};
	}

	const none: AccessStep = {method: 'credentials', why: 'no user is given'};
	const metadata: AccessStep = {method: 'metadata', why: noLab ?? 'no user is given'};
	if (known?.access === 'metadata' && noLab === undefined) {
		const unneeded: AccessStep = {method: 'inject', why: 'not needed: this image reads metadata'};
		return {steps: [seen, metadata], left: [none, unneeded]};
	}

	const inject: AccessStep = {method: 'inject', why: unfit ?? 'no user is given'};
	return {
		steps: [...(unfit === undefined ? [inject] : []), seen, ...(noLab === undefined ? [metadata] : [])],
		left: [none, ...(unfit === undefined ? [] : [inject]), ...(noLab === undefined ? [] : [metadata])],
	};
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
