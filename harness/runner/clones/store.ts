import {randomUUID} from 'node:crypto';
import {mkdir, readdir, rename, rm, statfs, utimes} from 'node:fs/promises';
import path from 'node:path';
import {cacheFolder} from '../../core/cache-folder.ts';
import {HostError} from '../../core/errors.ts';
import {recallDigest} from '../../image/known-digest.ts';
import {checkMemory, memoryUnchanged, readCheck, writeCheck} from '../../machine/saved/memory-check.ts';
import {type SavedMachine, checkOf, memoryOf, readAbout} from '../../machine/saved/saved-machine.ts';
import {type RunContext} from '../run-image.ts';
import {digestFiles, filesMatch} from './entry-digests.ts';
import {claim, isClaimed, sweep} from './claims.ts';
import {prune} from './prune.ts';
import {savedKey} from './saved-key.ts';

/** Booted machines of earlier runs, and the place for the one that this run boots. */
export type Store = AsyncDisposable & {
	/** The machine that was saved for this run's image, machine and way in; undefined where there is none. */
	readonly find: () => Promise<FoundMachine | undefined>;
	/** Takes away one that is damaged, or that QEMU does not take up. */
	readonly discard: (saved: SavedMachine) => Promise<void>;
	/** Makes a folder for a new one; it goes away with the run unless it is published. @throws HostError where there is no room */
	readonly grow: () => Promise<string>;
	/** Begins to read what it holds; to be published when the run is over. */
	readonly keep: (saved: SavedMachine) => {readonly publish: () => Promise<void>};
};

/** One that may be copied at once, and whose copies may be believed as soon as all its files are proved unchanged. */
export type FoundMachine = SavedMachine & {readonly unchanged: Promise<boolean>};

export const storeRoot = (): string => cacheFolder('machines');

const workPrefix = '.growing-';
/** What a machine's files may need besides its memory. */
const spareBytes = 512 * 2 ** 20;

export const openStore = ({plan, candidate, hashing}: RunContext): Store => {
	const root = storeRoot();
	const claims = new AsyncDisposableStack();
	const keyFor = async (sha256: string): Promise<string> => savedKey(plan, {sha256, bytes: candidate.bytes});
	const known = async (): Promise<string | undefined> => {
		const recalled = plan.paranoid ? undefined : await recallDigest(candidate);
		if (recalled !== undefined) {
			return recalled;
		}

		// Hashing takes seconds a gibibyte: only where a machine of an image of that size is there to be found by it.
		const names = await readdir(root).catch((): string[] => []);
		return names.some((name) => name.startsWith(`${candidate.bytes}-`)) ? hashing() : undefined;
	};

	return {
		async find() {
			const sha256 = plan.reuse === 'cache' ? await known() : undefined;
			if (sha256 === undefined) {
				return undefined;
			}

			const directory = path.join(root, await keyFor(sha256));
			claims.use(await claim(directory));
			const about = await readAbout(directory).catch(() => undefined);
			// Of one without a lab nothing is to be had where there can be one.
			const isUsable = about !== undefined && (plan.network === 'user' || about.inLab);
			if (isUsable) {
				const now = new Date();
				await utimes(directory, now, now).catch(() => undefined);
				return {directory, about, unchanged: isUnchanged(directory)};
			}

			await rm(directory, {recursive: true, force: true});
			return undefined;
		},
		discard: async ({directory}) => rm(directory, {recursive: true, force: true}),
		async grow() {
			await mkdir(root, {recursive: true, mode: 0o700});
			await sweep(root, workPrefix);
			// A guest that writes to its memory where the disk is full kills its QEMU (mmap(2), SIGBUS).
			const needed = plan.profile.memoryMiB * 2 ** 20 + spareBytes;
			const {bavail, bsize} = await statfs(root);
			if (bavail * bsize < needed) {
				throw new HostError(`${root} has no room for a saved machine (${Math.ceil(needed / 2 ** 20)} MiB)`, {
					hint: 'Free some, or put the cache elsewhere by XDG_CACHE_HOME=DIR; "bootwright cache" shows what is in it',
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
					const final = path.join(root, await keyFor(await hashing()));
					if (plan.reuse === 'fresh' && !(await isClaimed(final))) {
						await rm(final, {recursive: true, force: true});
					}

					// Another run may have been faster; its machine is as good.
					await rename(directory, final).catch(() => undefined);
					await prune(root);
				},
			};
		},
		[Symbol.asyncDispose]: async () => claims.disposeAsync(),
	};
};

/** Never rejects. */
const isUnchanged = async (directory: string): Promise<boolean> => {
	try {
		const [files, memory] = await Promise.all([
			filesMatch(directory),
			readCheck(checkOf(directory)).then(async (check) => memoryUnchanged(memoryOf(directory), check)),
		]);
		return files && memory;
	} catch {
		return false;
	}
};
