import {existsSync} from 'node:fs';
import {readFile, rm} from 'node:fs/promises';
import path from 'node:path';
import {monotonicMs} from '../core/clock.ts';
import {HostError} from '../core/errors.ts';
import {cached, digestOf, imageCache} from './build/cache.ts';
import {diskName, writeDisk, type DiskSource} from './build/disk.ts';
import {furnishTree} from './build/furnish-tree.ts';
import {readManifest, writeManifest, type ImageManifest} from './build/manifest.ts';
import {buildRamdisk} from './build/ramdisk.ts';
import {ramdiskSource} from './build/ramdisk-source.ts';
import {imageNames, loadRecipe, loadTree, namedFiles, recipesDirectory, type Recipe} from './build/recipe.ts';
import type {ToolOptions} from './build/tool.ts';
import {toolTreeOf, unpackTools} from './build/tree-tools.ts';
import {ensureTree, treeDigest, unpackTree} from './build/tree.ts';
import {builderVersion, epoch} from './build/version.ts';

export {imageNames, loadRecipe, loadTree} from './build/recipe.ts';
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
	/** Whether it was built just now; else it was there already. */
	readonly built: boolean;
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
	const {directory, built} = await cached({
		key: keyOf(name, digest),
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
				packageList: await readFile(path.join(tree, 'packages.txt'), 'utf8'),
				seconds: Math.round(monotonicMs() - startedAt) / 1000,
			});
		},
	});
	const main = mainFile(recipe, directory);
	const manifest = existsSync(main) ? await readManifest(directory) : undefined;
	if (manifest === undefined) {
		throw new HostError(`The image cache is damaged: ${main} is missing`, {hint: `rm -r ${directory}`});
	}

	return {name, path: main, directory, digest, manifest, built};
};

/** Names and titles of all images, for `list images`. */
export const describeImages = (): ReadonlyArray<{readonly name: string; readonly title: string}> =>
	imageNames().map((name) => ({name, title: loadRecipe(name).title}));

/** Of a reference image's recipe, and of what builds it: 16 hex digits. @throws UsageError for an unknown name */
export const imageDigest = async (name: string): Promise<string> => recipeDigest(name, loadRecipe(name));

/** The disk of a reference image, or its kernel; undefined where the cache has none of this recipe. @throws UsageError for an unknown name */
export const builtImage = async (name: string): Promise<string | undefined> => {
	const recipe = loadRecipe(name);
	const main = mainFile(recipe, path.join(imageCache(), keyOf(name, await recipeDigest(name, recipe))));
	return existsSync(main) ? main : undefined;
};

const keyOf = (name: string, digest: string): string => `${name}-${digest}`;
const mainFile = ({disk}: Recipe, directory: string): string =>
	path.join(directory, disk === undefined ? 'vmlinuz' : diskName);

type Step = {readonly tree: string; readonly work: string; readonly options: ToolOptions};

const build = async (recipe: Recipe, {tree, work, options}: Step): Promise<void> => {
	const unpacked = path.join(work, 'tree');
	await unpackTree(tree, unpacked, options);
	if (recipe.kind === 'ramdisk') {
		await buildRamdisk(recipe, {tree: unpacked, directory: work, options});
	}

	if (recipe.disk !== undefined) {
		const toolTree = path.join(work, 'tools');
		const {name, programs} = toolTreeOf(recipe.disk);
		const tools = await unpackTools(await ensureTree(name, options), toolTree, {programs, options});
		const source = await diskSource(recipe, {tree, unpacked, work, options});
		await writeDisk({...recipe.disk, ...source, directory: work, tools, options});
		await rm(source.source, {recursive: true});
		await rm(toolTree, {recursive: true});
	}

	await rm(unpacked, {recursive: true, force: true});
};

const diskSource = async (
	recipe: Recipe,
	{tree, unpacked, work, options}: Step & {readonly unpacked: string},
): Promise<DiskSource> => {
	if (recipe.kind === 'ramdisk') {
		return ramdiskSource(recipe, work);
	}

	await furnishTree(recipe, unpacked, options);
	return {source: unpacked, owners: await readFile(path.join(tree, 'owners.txt'), 'utf8')};
};

/** Recipe, the files it names, its packages, and the builder: whatever changes these makes another image. */
const recipeDigest = async (name: string, recipe: Recipe): Promise<string> => {
	const files = [path.join(name, 'recipe.yaml'), ...namedFiles(recipe)];
	const contents = await Promise.all(files.map(async (file) => readFile(path.join(recipesDirectory, file))));
	const trees = [recipe.tree, recipe.disk === undefined ? 'parts' : toolTreeOf(recipe.disk).name];
	return digestOf([
		builderVersion,
		String(epoch),
		...trees.map((tree) => treeDigest(tree)),
		JSON.stringify(recipe.kind === 'disk' ? loadTree(recipe.tree) : {}),
		...files,
		...contents,
	]);
};
