import {existsSync, readFileSync, readdirSync} from 'node:fs';
import path from 'node:path';
import {z} from 'zod';
import {UsageError} from '../../core/errors.ts';
import {didYouMean} from '../../core/nearest.ts';
import {parseYaml} from '../../core/parse-yaml.ts';
import {whyInvalid} from '../../core/why-invalid.ts';
import {architectureNames} from './architecture.ts';
import {inByteOrder} from './in-byte-order.ts';
import {suites} from './mirror.ts';

/** The recipes: data and the files that go into images. No binaries. */
export const recipesDirectory = path.join(import.meta.dirname, '../../../images');

/** The cheapest way to a root shell on an image, and what it takes. */
export const accessSchema = z.discriminatedUnion('access', [
	/** A root shell already sits on ttyS1. */
	z.strictObject({access: z.literal('shell')}),
	z.strictObject({access: z.literal('credentials'), user: z.string(), password: z.string()}),
	/** Nobody can log in: a shell has to be put into the overlay. */
	z.strictObject({access: z.literal('inject')}),
	/** Nobody can log in, but an agent in it runs what the metadata server gives it. */
	z.strictObject({access: z.literal('metadata')}),
]);

const names = z.array(z.string()).readonly().default([]);
/** Path inside the image → path below images/. */
const files = z.record(z.string(), z.string()).default({});

const archiveSchema = z.strictObject({
	/** Modules that /init loads (their names, in order, lie in /lib/modules/load); what they depend on comes with them. */
	load: names,
	/** Modules that are only there for the kernel to ask for. */
	modules: names,
	/** Programs of the package tree, copied with their libraries. */
	programs: names,
	files,
	/** Whether the kernel's configuration lies in /boot, as it does in a full image. */
	kernelConfig: z.boolean().default(false),
});

const diskPlan = z.strictObject({
	sizeMiB: z.int().positive(),
	/** UUID of the root file system; also the seed of its directory hashes, so that equal input gives equal bytes. */
	uuid: z.uuid(),
	/** Four bytes in hex that name the disk in its MBR. */
	diskId: z.string().regex(/^[\da-f]{8}$/),
	/** Of the root file system. */
	filesystem: z.enum(['ext4', 'xfs', 'btrfs']).default('ext4'),
	/** `mbr`: one partition, started by a BIOS. `gpt-…`: a GUID partition table, started by UEFI or by that and a BIOS. */
	layout: z.enum(['mbr', 'gpt-uefi', 'gpt-both']).default('mbr'),
});
export type DiskPlan = z.infer<typeof diskPlan>;

const ramdiskSchema = z.strictObject({
	kind: z.literal('ramdisk'),
	title: z.string(),
	tree: z.string(),
	access: accessSchema,
	/** Kernel command line. */
	append: z.string(),
	archives: z.record(z.string(), archiveSchema),
	/** Where present: the same kernel and ramdisk also as a disk that boots by itself. */
	disk: diskPlan.optional(),
});

const diskSchema = z.strictObject({
	kind: z.literal('disk'),
	title: z.string(),
	tree: z.string(),
	access: accessSchema,
	append: z.string(),
	disk: diskPlan,
	files,
});

const recipeSchema = z.discriminatedUnion('kind', [ramdiskSchema, diskSchema]).readonly();
export type Recipe = z.infer<typeof recipeSchema>;
export type RamdiskRecipe = z.infer<typeof ramdiskSchema>;
export type DiskRecipe = z.infer<typeof diskSchema>;
export type ArchiveRecipe = z.infer<typeof archiveSchema>;

const treeSchema = z.strictObject({
	suite: z.enum(suites).default('bookworm'),
	architecture: z.enum(architectureNames).default('amd64'),
	/** Whether security updates are taken. What nobody can reach does without: mirrors keep those of rarer architectures less well. */
	security: z.boolean().default(true),
	/** `extract`: unpacked, never configured. `minbase`: a system that boots. */
	variant: z.enum(['extract', 'minbase']),
	include: names,
	/** Files that must lie there before packages are configured: path inside the image → path below images/. */
	early: files,
	/** systemd units that start at boot, or do not, against what their packages chose. */
	enable: names,
	disable: names,
	/** Units that nothing can start, because others ask for them. */
	mask: names,
	/** What every disk made of it gets. */
	files,
});
export type TreeRecipe = z.infer<typeof treeSchema>;

/** Names of all images that can be built, sorted. */
export const imageNames = (): readonly string[] =>
	readdirSync(recipesDirectory, {withFileTypes: true, recursive: true})
		.filter(({name}) => name === 'recipe.yaml')
		.map(({parentPath}) => parentPath.slice(recipesDirectory.length + 1))
		.toSorted(inByteOrder);

/** @throws UsageError for a name without a recipe, and for a recipe in which something is wrong */
export const loadRecipe = (name: string): Recipe => {
	if (!imageNames().includes(name)) {
		throw new UsageError(`There is no image "${name}".${didYouMean(name, imageNames())}`, {
			hint: `Images: ${imageNames().join(', ')}`,
		});
	}

	const file = `${name}/recipe.yaml`;
	return parseRecipe(textOf(file), file);
};

/** @param file below images/, for messages. @throws UsageError where something is wrong in it */
export const parseRecipe = (text: string, file: string): Recipe => {
	const recipe = validated(recipeSchema, {text, file});
	const trees = treeNames();
	if (!trees.includes(recipe.tree)) {
		throw new UsageError(`images/${file}: there is no tree "${recipe.tree}".${didYouMean(recipe.tree, trees)}`, {
			hint: `Trees (images/trees): ${trees.join(', ')}`,
		});
	}

	// Those of its tree are looked for when that is read.
	mustBeThere(ownFiles(recipe), file);
	return recipe;
};

/** @throws UsageError where something is wrong in it */
export const loadTree = (name: string): TreeRecipe => {
	const file = `trees/${name}.yaml`;
	const tree = validated(treeSchema, {text: textOf(file), file});
	mustBeThere([...Object.values(tree.early), ...Object.values(tree.files)], file);
	return tree;
};

const treeNames = (): readonly string[] =>
	readdirSync(path.join(recipesDirectory, 'trees'))
		.filter((name) => name.endsWith('.yaml'))
		.map((name) => path.basename(name, '.yaml'))
		.toSorted(inByteOrder);

const mustBeThere = (named: readonly string[], by: string): void => {
	const missing = named.find((file) => !existsSync(path.join(recipesDirectory, file)));
	if (missing !== undefined) {
		throw new UsageError(`images/${by} names images/${missing}, which is not there`);
	}
};

/** The files a recipe names, below images/; those of its tree that lie there early belong to the tree. */
export const namedFiles = (recipe: Recipe): readonly string[] => [
	...ownFiles(recipe),
	...(recipe.kind === 'disk' ? Object.values(loadTree(recipe.tree).files) : []),
	...(recipe.disk === undefined ? [] : [fileSystemConfig]),
];

const ownFiles = (recipe: Recipe): readonly string[] => {
	const own = recipe.kind === 'disk' ? [recipe.files] : Object.values(recipe.archives).map(({files}) => files);
	return own.flatMap((files) => Object.values(files));
};

/** Settings of mke2fs, below images/. */
export const fileSystemConfig = 'shared/mke2fs.conf';

const textOf = (file: string): string => readFileSync(path.join(recipesDirectory, file), 'utf8');

const validated = <T>(schema: z.ZodType<T>, {text, file}: {readonly text: string; readonly file: string}): T => {
	const named = `images/${file}`;
	const result = schema.safeParse(parseYaml(text, named));
	if (!result.success) {
		throw new UsageError(`${named}: ${whyInvalid(result.error)}`, {
			hint: 'docs/reference-images.md says what a recipe and a tree may hold.',
		});
	}

	return result.data;
};
