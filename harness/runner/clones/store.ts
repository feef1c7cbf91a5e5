import {randomUUID} from 'node:crypto';
import {chmod, mkdir, readdir, rename, rm, statfs, utimes} from 'node:fs/promises';
import path from 'node:path';
import {cacheFolder} from '../../core/cache-folder.ts';
import {HostError} from '../../core/errors.ts';
import {verifyUntouched} from '../../image/hash.ts';
import {recallDigest} from '../../image/known-digest.ts';
import {labNetworkOf} from '../../lab/lab-network.ts';
import {openCable} from '../../lab/open-cable.ts';
import {checkMemory, writeCheck} from '../../machine/saved/memory-check.ts';
import {type SavedMachine, checkOf, memoryOf, readAbout} from '../../machine/saved/saved-machine.ts';
import {type RunContext} from '../run-image.ts';
import {moreRoom} from './cache-full.ts';
import {type Claim, claim, isClaimed, sweep, workPrefix} from './claims.ts';
import {digestFiles} from './entry-digests.ts';
import {isUnchanged} from './entry-unchanged.ts';
import {noteBootedAnew} from './note-booted-anew.ts';
import {prune} from './prune.ts';
import {savedKey} from './saved-key.ts';

/** Booted machines of earlier runs, and the place for the one that this run boots. */
export type Store = AsyncDisposable & {
	/** The machine that was saved for this run's image, machine and way in; undefined where there is none. */
	readonly find: () => Promise<FoundMachine | undefined>;
	/** Takes away one that is damaged, unless another run works with it. */
	readonly discard: (found: FoundMachine) => Promise<void>;
	/** Makes a folder for a new one; it goes away with the run unless it is published. @throws HostError where there is no room */
	readonly grow: () => Promise<string>;
	/** Begins to read what it holds; to be published when the run is over. */
	readonly keep: (saved: SavedMachine) => {readonly publish: () => Promise<void>};
};

/** One that may be copied at once, and whose copies may be believed as soon as all its files are proved unchanged. */
export type FoundMachine = SavedMachine & {readonly unchanged: Promise<boolean>};

/** What a machine's files may need besides its memory. */
const spareBytes = 512 * 2 ** 20;
/** Hashing takes a second or two a gibibyte; a boot on an emulated processor takes about twenty. */
const worthHashingBytes = 8 * 2 ** 30;

export const openStore = (context: RunContext, root: string = cacheFolder('machines')): Store => {
	const {plan, candidate, hashing} = context;
	const claims = new AsyncDisposableStack();
	// When all is judged: nobody waits for it.
	claims.defer(async () => sweep(root).catch(() => undefined));
	const entryOf = async (sha256: string): Promise<string> =>
		path.join(root, await savedKey(plan, {sha256, bytes: candidate.bytes, root}));
	const known = async (): Promise<string | undefined> => {
		if (plan.paranoid) {
			return hashing();
		}

		const recalled = await recallDigest(candidate);
		if (recalled !== undefined || candidate.bytes > worthHashingBytes) {
			return recalled;
		}

		// Only where a machine of an image of that size is there to be found by it.
		const names = await readdir(root).catch((): string[] => []);
		return names.some((name) => name.startsWith(`${candidate.bytes}-`)) ? hashing() : undefined;
	};

	const discard = async (directory: string, own?: Claim): Promise<void> => {
		if (!(await isClaimed(directory, own))) {
			await rm(directory, {recursive: true, force: true});
		}
	};

	let ownClaim: Claim | undefined;
	return {
		async find() {
			const sha256 = plan.reuse === 'cache' ? await known() : undefined;
			if (sha256 === undefined) {
				return undefined;
			}

			const directory = await entryOf(sha256);
			const names = await readdir(directory).catch(() => undefined);
			if (names === undefined) {
				return undefined;
			}

			ownClaim = claims.use(await claim(directory));
			const about = await readAbout(directory).catch((error: unknown) => {
				noteBootedAnew(context, error);
			});
			// Of one without a lab nothing is to be had where there can be one.
			if (about === undefined || (plan.network === 'auto' && !about.inLab && (await canHaveLab(plan)))) {
				await discard(directory, ownClaim);
				return undefined;
			}

			const now = new Date();
			await utimes(directory, now, now).catch(() => undefined);
			return {directory, about, unchanged: isUnchanged(directory, plan.qemu.imgPath)};
		},
		discard: async ({directory}) => discard(directory, ownClaim),
		async grow() {
			await mkdir(root, {recursive: true, mode: 0o700});
			await chmod(root, 0o700);
			await sweep(root);
			// What is free now may be gone before the guest has used it (`isCacheFull`): this spares most of those boots.
			const needed = plan.profile.memoryMiB * 2 ** 20 + spareBytes;
			const {bavail, bsize} = await statfs(root);
			if (bavail * bsize < needed) {
				throw new HostError(`${root} has no room for a saved machine (${Math.ceil(needed / 2 ** 20)} MiB)`, {
					hint: moreRoom,
				});
			}

			const directory = path.join(root, `${workPrefix}${process.pid}-${randomUUID().slice(0, 8)}`);
			await mkdir(directory, {mode: 0o700});
			claims.defer(async () => rm(directory, {recursive: true, force: true}));
			return directory;
		},
		keep({directory}) {
			const digested = (async () => {
				await writeCheck(checkOf(directory), await checkMemory(memoryOf(directory), plan.qemu.imgPath));
				await digestFiles(directory);
			})();
			digested.catch(() => undefined);
			return {
				async publish() {
					await digested;
					// What was booted must be what the digest says.
					await verifyUntouched(candidate);
					const entry = await entryOf(await hashing());
					if (plan.reuse === 'fresh') {
						await discard(entry);
					}

					// Another run may have been faster, or works with the old one; its machine is as good.
					await rename(directory, entry).catch(() => undefined);
					await prune(root);
				},
			};
		},
		[Symbol.asyncDispose]: async () => claims.disposeAsync(),
	};
};

const canHaveLab = async ({profile}: RunContext['plan']): Promise<boolean> => {
	try {
		await using _cable = await openCable(labNetworkOf(profile));
		return true;
	} catch {
		return false;
	}
};
