import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {z} from 'zod';
import {keepFile} from '../../image/keep-file.ts';
import {type EarlierRun} from './schedule.ts';

const schema = z.record(z.string(), z.strictObject({ms: z.number(), failed: z.boolean()}));

const fileOf = (directory: string): string => path.join(directory, 'earlier.json');

/** How scenarios went on copies of this machine before; empty where that is not known. An order is made of it, never a verdict. */
export const readEarlier = async (directory: string): Promise<Readonly<Record<string, EarlierRun>>> => {
	try {
		return schema.parse(JSON.parse(await readFile(fileOf(directory), 'utf8')));
	} catch {
		return {};
	}
};

/** Adds how they went now. */
export const keepEarlier = async (directory: string, now: Readonly<Record<string, EarlierRun>>): Promise<void> => {
	const all = {...(await readEarlier(directory)), ...now};
	await keepFile(fileOf(directory), JSON.stringify(all));
};
