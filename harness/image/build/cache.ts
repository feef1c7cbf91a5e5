import {createHash, randomUUID} from 'node:crypto';
import {existsSync} from 'node:fs';
import {mkdir, readFile, readdir, rename, rm} from 'node:fs/promises';
import path from 'node:path';
import {cacheFolder} from '../../core/cache-folder.ts';
import {HostError, messageOf} from '../../core/errors.ts';
import {acquireLock, tryLock} from './lock.ts';
import {diskFull} from './tool.ts';

/** Where built images live. */
export const imageCache = (): string => cacheFolder('images');

export type CachedBuild = {
	/** Name and digest; the directory's name in the cache. */
	readonly key: string;
	/** Puts everything into the directory it is given. */
	readonly build: (work: string) => Promise<void>;
	readonly onProgress?: ((line: string) => void) | undefined;
	readonly signal?: AbortSignal | undefined;
};

/** A finished directory of the cache, and whether it was built just now. */
export type Cached = {readonly directory: string; readonly built: boolean};

/**
 * Returns the finished directory of a key, building it first where it is missing.
 * A directory under its own name is complete: the work is done beside it and renamed at the end. Of several processes one builds and the others wait.
 */
export const cached = async (options: CachedBuild): Promise<Cached> => {
	const root = imageCache();
	const finished = path.join(root, options.key);
	if (existsSync(finished)) {
		return {directory: finished, built: false};
	}

	try {
		return {directory: finished, built: await buildUnderLock(root, options)};
	} catch (error) {
		throw cacheProblem(error, root);
	}
};

/** @returns false when somebody else had built it meanwhile */
const buildUnderLock = async (root: string, {key, build, onProgress, signal}: CachedBuild): Promise<boolean> => {
	const finished = path.join(root, key);
	await using work = await openWork(key, {onProgress, signal});
	if (existsSync(finished)) {
		return false;
	}

	await build(work.path);
	signal?.throwIfAborted();
	await rename(work.path, finished);
	return true;
};

/**
 * An empty directory beside the finished ones, and the lock on its name; both go when it is disposed of, and after a kill with the next build.
 * Of several processes one gets it and the others wait.
 */
export const openWork = async (
	key: string,
	{onProgress, signal}: Pick<CachedBuild, 'onProgress' | 'signal'>,
): Promise<AsyncDisposable & {readonly path: string}> => {
	const root = imageCache();
	await mkdir(path.join(root, '.locks'), {recursive: true});
	await using stack = new AsyncDisposableStack();
	stack.use(
		await acquireLock(lockPath(root, key), {
			signal,
			onWait: () => onProgress?.(`another process is building ${key}; waiting for it`),
		}),
	);
	await sweep(root, key);
	const work = path.join(root, `${workPrefix}${key}${workInfix}${randomUUID().slice(0, 8)}`);
	stack.defer(async () => rm(work, {recursive: true, force: true}));
	await mkdir(work);
	const owned = stack.move();
	return {path: work, [Symbol.asyncDispose]: async () => owned.disposeAsync()};
};

const workPrefix = '.building-';
const workInfix = '+';
const lockPath = (root: string, key: string): string => path.join(root, '.locks', key);

/** Takes a finished directory away, unless somebody holds the lock on its name. @returns whether it is gone */
export const removeBuild = async (key: string): Promise<boolean> => {
	const root = imageCache();
	await mkdir(path.join(root, '.locks'), {recursive: true});
	await using lock = await tryLock(lockPath(root, key));
	if (lock === undefined) {
		return false;
	}

	await rm(path.join(root, key), {recursive: true, force: true});
	return true;
};

/** Removes what builders left that were killed. */
export const sweepBuilds = async (): Promise<void> => sweep(imageCache(), undefined);

/** Their lock is free (or, for `own`, ours). */
const sweep = async (root: string, own: string | undefined): Promise<void> => {
	const names = await readdir(root).catch((): string[] => []);
	for (const name of names) {
		if (!name.startsWith(workPrefix)) {
			continue;
		}

		const key = name.slice(workPrefix.length, name.lastIndexOf(workInfix));
		await using lock = key === own ? undefined : await tryLock(lockPath(root, key));
		if (key === own || lock !== undefined) {
			await rm(path.join(root, name), {recursive: true, force: true});
		}
	}
};

/** A short name for some content: equal input, equal name. */
export const digestOf = (parts: ReadonlyArray<string | Uint8Array>): string => {
	const hash = createHash('sha256');
	for (const part of parts) {
		// The length keeps ["ab", "c"] and ["a", "bc"] apart.
		hash.update(`${part.length}:`).update(part);
	}

	return hash.digest('hex').slice(0, 16);
};

/** Digest of files, in the order given. */
export const digestOfFiles = async (paths: readonly string[]): Promise<string> =>
	digestOf(await Promise.all(paths.map(async (path) => readFile(path))));

const cacheProblem = (error: unknown, root: string): unknown => {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	if (code === 'ENOSPC') {
		return diskFull(error);
	}

	return ['EACCES', 'EROFS', 'ENOTDIR'].includes(String(code))
		? new HostError(`Cannot write to the image cache ${root}: ${messageOf(error)}`, {
				hint: 'XDG_CACHE_HOME=DIR puts the cache somewhere else',
				cause: error,
			})
		: error;
};
