import {randomUUID} from 'node:crypto';
import {readFile, readdir, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';

/** Says that a run uses an entry of the store, so that nobody takes it away meanwhile. A process that ended claims nothing. */
export type Claim = AsyncDisposable & {readonly name: string};

export const claim = async (entry: string): Promise<Claim> => {
	const file = `${claimPrefix(entry)}${process.pid}-${randomUUID().slice(0, 8)}`;
	await writeFile(file, '').catch(() => undefined);
	return {name: path.basename(file), [Symbol.asyncDispose]: async () => rm(file, {force: true})};
};

/**
 * Whether a run uses an entry, or is growing it.
 * @param own a claim that does not count
 */
export const isClaimed = async (entry: string, own?: Claim): Promise<boolean> => {
	const [, grower] = growing.exec(path.basename(entry)) ?? [];
	if (grower !== undefined) {
		return isAlive(grower);
	}

	const prefix = path.basename(claimPrefix(entry));
	const names = await readdir(path.dirname(entry)).catch((): string[] => []);
	const alive = await Promise.all(
		names
			.filter((name) => name.startsWith(prefix) && name !== own?.name)
			.map(async (name) => isAlive(name.slice(prefix.length).replace(/-.*$/v, ''))),
	);
	return alive.includes(true);
};

/** What a run that is not finished yet grows below. */
export const workPrefix = '.growing-';
const growing = /^\.growing-(\d+)-/v;

/** Removes what processes left that were killed: folders that were growing, and claims. */
export const sweep = async (root: string): Promise<void> => {
	const names = await readdir(root).catch((): string[] => []);
	for (const name of names) {
		const [, pid] = growing.exec(name) ?? /^\.used-.*-(\d+)-[\da-f]{8}$/v.exec(name) ?? [];
		if (pid !== undefined && !(await isAlive(pid))) {
			await rm(path.join(root, name), {recursive: true, force: true});
		}
	}
};

const claimPrefix = (entry: string): string => path.join(path.dirname(entry), `.used-${path.basename(entry)}-`);

/** One that took over the number of a process that ended keeps an entry a little longer, no more. */
const isAlive = async (pid: string): Promise<boolean> =>
	(await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')) !== '';
