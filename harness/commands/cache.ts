import {readdir, rm} from 'node:fs/promises';
import path from 'node:path';
import {utcMinute} from '../core/clock.ts';
import {cacheFolder} from '../core/cache-folder.ts';
import {UsageError} from '../core/errors.ts';
import {formatBytes} from '../report/format-bytes.ts';
import {removeBuild, sweepBuilds} from '../image/build/cache.ts';
import {isClaimed, sweep} from '../runner/clones/claims.ts';
import {type Entry, isUnfinished, limitBytes, listEntries, prune} from '../runner/clones/prune.ts';
import type {CommandContext} from './command.ts';

type CacheOptions = {readonly prune?: boolean; readonly all?: boolean; readonly json?: boolean};

const kinds = {
	machines: 'booted machines',
	images: 'reference images, toolbox, kernels',
	compiled: 'this program, compiled',
} as const;

/**
 * `bootwright cache`: what lies in the cache; `--prune` brings booted machines below their limit and takes superseded builds away,
 * `--prune --all` takes all booted machines away.
 */
export const run = async ({stdout}: CommandContext, options: CacheOptions): Promise<number> => {
	if (options.all === true && options.prune !== true) {
		throw new UsageError('--all says how much to prune: bootwright cache --prune --all');
	}

	const root = cacheFolder('machines');
	const gone: Entry[] = [];
	if (options.prune === true) {
		await sweep(root);
		gone.push(...(await prune(root, options.all === true ? 0 : limitBytes())), ...(await pruneBuilds()));
	}

	const digests = options.all === true ? await forgetDigests() : 0;
	const listed = await Promise.all(
		Object.keys(kinds).map(async (kind) => ({kind, entries: await listEntries(cacheFolder(kind))})),
	);
	if (options.json === true) {
		const told = listed.map(({kind, entries}) => ({kind, directory: cacheFolder(kind), entries}));
		stdout.write(`${JSON.stringify({limitBytes: limitBytes(), pruned: gone, cache: told}, undefined, 2)}\n`);
		return 0;
	}

	for (const {path: entry, bytes} of gone) {
		stdout.write(`removed ${formatBytes(bytes).padStart(9)}  ${entry}\n`);
	}

	if (digests > 0) {
		stdout.write(`forgot the digests of ${digests} images\n`);
	}

	for (const [kind, title] of Object.entries(kinds)) {
		const entries = listed.find((one) => one.kind === kind)?.entries ?? [];
		const limit = kind === 'machines' ? `, at most ${formatBytes(limitBytes())} (BOOTWRIGHT_MACHINES_MIB)` : '';
		stdout.write(`${title}, ${formatBytes(total(entries))}${limit}\n`);
		// Of the compiled program only its size is of interest.
		const shown = kind === 'compiled' ? [] : entries;
		for (const entry of shown) {
			const used = await remarkOn(entry, kind);
			stdout.write(`  ${formatBytes(entry.bytes).padStart(9)}  ${utcMinute(entry.usedAt)}  ${entry.path}${used}\n`);
		}
	}

	return 0;
};

const remarkOn = async ({path: entry}: Entry, kind: string): Promise<string> => {
	if (kind === 'machines' && (await isClaimed(entry))) {
		return '  in use';
	}

	return isUnfinished(entry) ? '  unfinished: --prune takes it away where its maker was killed' : '';
};

/** Takes away builds of which there is a newer one by the same name. One that somebody builds stays. */
const pruneBuilds = async (): Promise<readonly Entry[]> => {
	await sweepBuilds();
	const newest = new Set<string>();
	const gone: Entry[] = [];
	const entries = await listEntries(cacheFolder('images'));
	for (const entry of entries) {
		const key = path.basename(entry.path);
		const [, name] = /^(.+)-[\da-f]{16}$/v.exec(key) ?? [];
		if (name !== undefined && !isUnfinished(key)) {
			if (newest.has(name) && (await removeBuild(key))) {
				gone.push(entry);
			}

			newest.add(name);
		}
	}

	return gone;
};

const total = (entries: readonly Entry[]): number => entries.reduce((sum, {bytes}) => sum + bytes, 0);

/** Of images that were hashed before. */
const forgetDigests = async (): Promise<number> => {
	const folder = cacheFolder('digests');
	const names = await readdir(folder).catch((): string[] => []);
	await Promise.all(names.map(async (name) => rm(path.join(folder, name), {force: true})));
	return names.length;
};
