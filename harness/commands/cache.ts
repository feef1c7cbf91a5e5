import {readdir, rm} from 'node:fs/promises';
import path from 'node:path';
import {utcMinute} from '../core/clock.ts';
import {cacheFolder} from '../core/cache-folder.ts';
import {UsageError} from '../core/errors.ts';
import {formatBytes} from '../report/format-bytes.ts';
import {isClaimed, sweep} from '../runner/clones/claims.ts';
import {type Entry, limitBytes, listEntries, prune} from '../runner/clones/prune.ts';
import type {CommandContext} from './command.ts';

type CacheOptions = {readonly prune?: boolean; readonly all?: boolean; readonly json?: boolean};

const kinds = {
	machines: 'booted machines',
	images: 'reference images, toolbox, kernels',
} as const;

/** `bootwright cache`: what lies in the cache; `--prune` brings booted machines below their limit, `--prune --all` takes all away. */
export const run = async ({stdout}: CommandContext, options: CacheOptions): Promise<number> => {
	if (options.all === true && options.prune !== true) {
		throw new UsageError('--all says how much to prune: bootwright cache --prune --all');
	}

	const root = cacheFolder('machines');
	if (options.prune === true) {
		await sweep(root);
	}

	const gone = options.prune === true ? await prune(root, options.all === true ? 0 : limitBytes()) : [];
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
		for (const entry of entries) {
			const used = kind === 'machines' && (await isClaimed(entry.path)) ? '  in use' : '';
			stdout.write(`  ${formatBytes(entry.bytes).padStart(9)}  ${utcMinute(entry.usedAt)}  ${entry.path}${used}\n`);
		}
	}

	return 0;
};

const total = (entries: readonly Entry[]): number => entries.reduce((sum, {bytes}) => sum + bytes, 0);

/** Of images that were hashed before. */
const forgetDigests = async (): Promise<number> => {
	const folder = cacheFolder('digests');
	const names = await readdir(folder).catch((): string[] => []);
	await Promise.all(names.map(async (name) => rm(path.join(folder, name), {force: true})));
	return names.length;
};
