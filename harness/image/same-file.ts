import {stat} from 'node:fs/promises';

/** Whether two names lead to one file, by its device and inode: also through links of both kinds. What is not there is no other's. */
export const isSameFile = async (one: string, other: string): Promise<boolean> => {
	const [a, b] = await Promise.all([one, other].map(async (file) => stat(file, {bigint: true}).catch(() => undefined)));
	return a !== undefined && a.dev === b?.dev && a.ino === b.ino;
};
