import {mkdir, readFile, readdir, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {promisify} from 'node:util';
import {constants, gunzip, gzip} from 'node:zlib';
import {z} from 'zod';

/** The first line of a package; then come their bytes, one after the other. */
const headSchema = z.array(z.object({name: z.string(), bytes: z.int().nonnegative()}));

/** Files of a cell on their way from a worker to the matrix. */
export type Carried = {
	/** By gzip, then base64. */
	readonly files: string;
	/** Names of those that are too large, and stay with the worker. */
	readonly left: readonly string[];
};

/** Of a usual cell all files are 1.2 MB, and 0.4 MB by gzip (docs/scale.md). A server holds those that the matrix has not taken yet. */
const mostBytes = 8 * 2 ** 20;
/** What every report is made of: it is carried whatever its size. */
const needed = 'events.jsonl';

/**
 * Packs the files below a cell's directory: what reports are made of, then the smallest first, as long as there is room. `cell.json` stays, as the
 * record travels by itself; so do links.
 */
export const packCell = async (place: string, most = mostBytes): Promise<Carried> => {
	const entries = await readdir(place, {recursive: true, withFileTypes: true});
	const names = entries
		.filter((entry) => entry.isFile())
		.map((entry) => path.relative(place, path.join(entry.parentPath, entry.name)))
		.filter((name) => name !== 'cell.json');
	const sized = await Promise.all(
		names.map(async (name) => ({name, bytes: (await stat(path.join(place, name))).size})),
	);
	const weight = ({name, bytes}: {readonly name: string; readonly bytes: number}): number =>
		path.basename(name) === needed ? 0 : bytes;
	const head: Array<z.infer<typeof headSchema>[number]> = [];
	const contents: Buffer[] = [];
	const left: string[] = [];
	let room = most;
	const ordered = sized.toSorted((a, b) => weight(a) - weight(b) || (a.name < b.name ? -1 : 1));
	for (const one of ordered) {
		if (weight(one) > room) {
			left.push(one.name);
			continue;
		}

		room -= weight(one);
		const content = await readFile(path.join(place, one.name));
		head.push({name: one.name, bytes: content.length});
		contents.push(content);
	}

	const whole = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...contents]);
	const packed = await promisify(gzip)(whole, {level: constants.Z_BEST_SPEED});
	return {files: packed.toString('base64'), left};
};

/** More than a worker packs comes from none. */
const mostUnpacked = 256 * 2 ** 20;

/**
 * Writes carried files below a directory, which is there. A name that leads out of it is refused: it comes over the network.
 * @throws Error for what is no such package
 */
export const unpackCell = async ({files}: Pick<Carried, 'files'>, place: string): Promise<void> => {
	const whole = await promisify(gunzip)(Buffer.from(files, 'base64'), {maxOutputLength: mostUnpacked});
	const end = whole.indexOf('\n');
	const head = headSchema.parse(JSON.parse(whole.subarray(0, end).toString()));
	const outside = head.find(({name}) => !isBelow(name));
	if (outside !== undefined) {
		throw new Error(`a file is called ${JSON.stringify(outside.name)}`);
	}

	if (whole.length !== head.reduce((sum, {bytes}) => sum + bytes, end + 1)) {
		throw new Error('its files are cut');
	}

	let at = end + 1;
	for (const {name, bytes} of head) {
		const file = path.join(place, name);
		await mkdir(path.dirname(file), {recursive: true});
		await writeFile(file, whole.subarray(at, at + bytes));
		at += bytes;
	}
};

export const isBelow = (name: string): boolean =>
	name !== '' && !path.isAbsolute(name) && !name.includes('\0') && name.split(/[\/\\]/v).every((part) => part !== '..');
