import {createReadStream} from 'node:fs';
import {createHash} from 'node:crypto';
import {readFile, readdir, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {pipeline} from 'node:stream/promises';
import {z} from 'zod';
import {inByteOrder} from './in-byte-order.ts';
import {accessSchema} from './recipe.ts';

const manifestSchema = z
	.strictObject({
		schema: z.literal(1),
		name: z.string(),
		title: z.string(),
		digest: z.string(),
		/** The cheapest way to a root shell. */
		access: accessSchema,
		/** Kernel command line: the one on the disk, or the one to give with `-append`. */
		append: z.string(),
		/** Name → size and SHA-256 of each file beside the manifest. */
		files: z.record(z.string(), z.strictObject({bytes: z.int(), sha256: z.string()})),
		/** Package → version of everything the image was made of. */
		packages: z.record(z.string(), z.string()),
		/** How long the build took, without waiting for others. */
		seconds: z.number(),
	})
	.readonly();

/** What is known of a built image; lies beside it as `manifest.json`. */
export type ImageManifest = z.infer<typeof manifestSchema>;

const fileName = 'manifest.json';

/** Describes all files of a directory and writes the manifest beside them. */
export const writeManifest = async (
	directory: string,
	facts: Omit<ImageManifest, 'schema' | 'files' | 'packages'> & {readonly packageList: string},
): Promise<void> => {
	const {packageList, ...rest} = facts;
	const names = await readdir(directory);
	const files = await Promise.all(
		names.toSorted(inByteOrder).map(async (name) => [name, await describe(path.join(directory, name))] as const),
	);
	const packages = packageList
		.trim()
		.split('\n')
		.map((line) => line.split('\t', 2) as [string, string]);
	const manifest = manifestSchema.parse({
		schema: 1,
		...rest,
		files: Object.fromEntries(files),
		packages: Object.fromEntries(packages),
	});
	await writeFile(path.join(directory, fileName), `${JSON.stringify(manifest, undefined, '\t')}\n`);
};

export const readManifest = async (directory: string): Promise<ImageManifest> =>
	manifestSchema.parse(JSON.parse(await readFile(path.join(directory, fileName), 'utf8')));

const describe = async (file: string): Promise<{readonly bytes: number; readonly sha256: string}> => {
	const hash = createHash('sha256');
	await pipeline(createReadStream(file, {highWaterMark: 1 << 20}), hash);
	return {bytes: (await stat(file)).size, sha256: hash.digest('hex')};
};
