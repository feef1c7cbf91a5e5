import {readFile, readdir, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';

/** Says that this process uses an entry of the store, so that nobody prunes it meanwhile. A process that ended claims nothing. */
export const claim = async (entry: string): Promise<AsyncDisposable> => {
	const file = `${claimPrefix(entry)}${process.pid}`;
	await writeFile(file, '').catch(() => undefined);
	return {[Symbol.asyncDispose]: async () => rm(file, {force: true})};
};

export const isClaimed = async (entry: string): Promise<boolean> => {
	const prefix = path.basename(claimPrefix(entry));
	const names = await readdir(path.dirname(entry)).catch((): string[] => []);
	const alive = await Promise.all(
		names.filter((name) => name.startsWith(prefix)).map(async (name) => isAlive(name.slice(prefix.length))),
	);
	return alive.includes(true);
};

/** Removes what processes left that were killed: folders `PREFIX PID-…` and claims. */
export const sweep = async (root: string, prefix: string): Promise<void> => {
	const names = await readdir(root);
	for (const name of names) {
		const [, pid] = name.startsWith(prefix)
			? (/^(\d+)-/v.exec(name.slice(prefix.length)) ?? [])
			: (/^\.used-.*-(\d+)$/v.exec(name) ?? []);
		if (pid !== undefined && !(await isAlive(pid))) {
			await rm(path.join(root, name), {recursive: true, force: true});
		}
	}
};

const claimPrefix = (entry: string): string => path.join(path.dirname(entry), `.used-${path.basename(entry)}-`);

/** A process of that number that is not ours to wait for; one that took the number over keeps an entry a little longer, no more. */
const isAlive = async (pid: string): Promise<boolean> =>
	(await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')) !== '';
