import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {z} from 'zod';
import {keepFile} from '../../image/keep-file.ts';
import {type KnownPlaces} from '../../qemu/overrides.ts';

const schema = z.strictObject({
	heads: z.array(z.string()),
	places: z.array(
		z.array(
			z.discriminatedUnion('heap', [
				z.strictObject({heap: z.literal(true), offset: z.int()}),
				z.strictObject({heap: z.literal(false), bytes: z.int(), offset: z.int()}),
			]),
		),
	),
});

const fileOf = (directory: string): string => path.join(directory, 'places.json');

/** Where a copy of this machine had what is written into QEMU's memory; empty where that is not known. It spares a search, and is never believed. */
export const readPlaces = async (directory: string): Promise<KnownPlaces> => {
	try {
		return schema.parse(JSON.parse(await readFile(fileOf(directory), 'utf8')));
	} catch {
		return {};
	}
};

/** A machine that nobody may write to is copied as well. */
export const keepPlaces = async (directory: string, known: KnownPlaces): Promise<void> =>
	keepFile(fileOf(directory), JSON.stringify(known));
