import {type QmpClient} from '../qemu/qmp.ts';

/** How many requests of its disks QEMU has served for the guest so far (`query-blockstats`); network requests are not counted by QEMU. */
export const servedRequests = async (qmp: QmpClient): Promise<number> => {
	const answer = await qmp.execute('query-blockstats');
	return (Array.isArray(answer) ? answer : []).reduce<number>((sum, entry) => sum + operations(entry), 0);
};

const counters = ['rd_operations', 'wr_operations', 'flush_operations', 'unmap_operations'] as const;

const operations = (entry: unknown): number => {
	const stats: unknown = typeof entry === 'object' && entry !== null && 'stats' in entry ? entry.stats : undefined;
	return counters.reduce((sum, name) => {
		const value = (stats as Partial<Record<string, unknown>> | undefined)?.[name];
		return sum + (typeof value === 'number' ? value : 0);
	}, 0);
};
