import {mkdir, readFile, readdir, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {monotonicMs} from '../core/clock.ts';
import {cached, digestOf} from './build/cache.ts';
import {readManifest, writeManifest, type ImageManifest} from './build/manifest.ts';
import {buildRamdisk} from './build/ramdisk.ts';
import {imageNames, loadRecipe, recipesDirectory, type Recipe} from './build/recipe.ts';
import {runTool, type ToolOptions} from './build/tool.ts';
import {ensureTree, packageList, treeDigest} from './build/tree.ts';
import {builderVersion, epoch} from './build/version.ts';

export {imageNames} from './build/recipe.ts';
export type {ImageManifest} from './build/manifest.ts';

/** An image in the cache, finished. */
export type BuiltImage = {
	readonly name: string;
	/** `disk.raw`, or the kernel where the image has no disk. */
	readonly path: string;
	/** Everything that belongs to it: `disk.raw`, `vmlinuz`, `initrd.img`, `manifest.json`. */
	readonly directory: string;
	/** Of the recipe and the builder, 16 hex digits. */
	readonly digest: string;
	readonly manifest: ImageManifest;
};

export type EnsureOptions = {readonly onProgress?: (line: string) => void; readonly signal?: AbortSignal | undefined};

/**
 * Gives back a reference image, building it first where the cache has none.
 * @throws UsageError for an unknown name; HostError for a missing program, an unreachable mirror or a full disk
 */
export const ensureImage = async (name: string, {onProgress, signal}: EnsureOptions = {}): Promise<BuiltImage> => {
	const recipe = loadRecipe(name);
	const digest = await recipeDigest(name, recipe);
	const options: ToolOptions = {signal, onLine: onProgress};
	const directory = await cached({
		key: `${name}-${digest}`,
		onProgress,
		signal,
		async build(work) {
			const startedAt = monotonicMs();
			onProgress?.(`building image ${name}`);
			const tree = await ensureTree(recipe.tree, options);
			await build(recipe, {tree, work, options});
			await writeManifest(work, {
				name,
				title: recipe.title,
				digest,
				access: recipe.access,
				append: recipe.append,
				packageList: await readFile(join(tree, 'packages.txt'), 'utf8'),
				seconds: Math.round(monotonicMs() - startedAt) / 1000,
			});
		},
	});
	const manifest = await readManifest(directory);
	const main = 'disk.raw' in manifest.files ? 'disk.raw' : 'vmlinuz';
	return {name, path: join(directory, main), directory, digest, manifest};
};

/** Names and titles of all images, for `list images`. */
export const describeImages = (): ReadonlyArray<{readonly name: string; readonly title: string}> =>
	imageNames().map((name) => ({name, title: loadRecipe(name).title}));

type Step = {readonly tree: string; readonly work: string; readonly options: ToolOptions};

const build = async (recipe: Recipe, {tree, work, options}: Step): Promise<void> => {
	const unpacked = join(work, 'tree');
	await mkdir(unpacked);
	await runTool(
		'tar',
		[
			'--extract',
			`--file=${join(tree, 'tree.tar')}`,
			`--directory=${unpacked}`,
			'--exclude=./dev/*',
			`--exclude=${packageList}`,
		],
		options,
	);
	switch (recipe.kind) {
		case 'ramdisk': {
			await buildRamdisk(recipe, {tree: unpacked, directory: work, options});
			break;
		}
	}

	await rm(unpacked, {recursive: true});
};

/** Recipe, the files it names, its packages, and the builder: whatever changes these makes another image. */
const recipeDigest = async (name: string, recipe: Recipe): Promise<string> => {
	const own = await readdir(join(recipesDirectory, name));
	const shared = await readdir(join(recipesDirectory, 'shared'));
	const paths = [...own.map((file) => join(name, file)), ...shared.map((file) => join('shared', file))].toSorted();
	const contents = await Promise.all(paths.map(async (path) => readFile(join(recipesDirectory, path))));
	return digestOf([builderVersion, String(epoch), treeDigest(recipe.tree), ...paths, ...contents]);
};
