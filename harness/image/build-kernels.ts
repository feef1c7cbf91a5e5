import {existsSync} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {z} from 'zod';
import {monotonicMs} from '../core/clock.ts';
import {cached, digestOf, imageCache, openWork} from './build/cache.ts';
import {withOptions} from './build/kernel-options.ts';
import {baseOptions, kernelVariant, kernelVariants} from './build/kernel-recipe.ts';
import {kernelCommands, openKernelTree, type KernelTree} from './build/kernel-tree.ts';
import type {ToolOptions} from './build/tool.ts';
import {ensureTree, treeDigest} from './build/tree.ts';
import type {EnsureOptions} from './build.ts';

export {kernelVariant, kernelVariants} from './build/kernel-recipe.ts';

/** A kernel in the cache, finished. */
export type BuiltKernel = {
	readonly name: string;
	readonly title: string;
	/** `vmlinuz`; `config` lies beside it. */
	readonly path: string;
	/** How long compiling took; only what differs from the kernel built before it was compiled. */
	readonly seconds: number;
	/** Package and version of its source. */
	readonly source: string;
	/** Whether it was built just now; else it was there already. */
	readonly built: boolean;
};

/**
 * Gives back kernels, building first those that the cache has not, one after the other in one tree, which is gone afterwards.
 * @throws UsageError for an unknown name; HostError for a missing program, an unreachable mirror or a full disk
 */
export const ensureKernels = async (
	names: readonly string[],
	{onProgress, signal}: EnsureOptions = {},
): Promise<readonly BuiltKernel[]> => {
	const options: ToolOptions = {signal, onLine: onProgress};
	const plans = names.map((name) => planOf(name));
	if (plans.every(({directory}) => existsSync(directory))) {
		return Promise.all(plans.map(async (plan) => finished(plan, false)));
	}

	// Taken before the lock of any kernel, by everyone: nobody waits for a kernel while holding what its builder needs.
	await using work = await openWork('kernel-tree', {onProgress, signal});
	let tree: KernelTree | undefined;
	const kernels: BuiltKernel[] = [];
	for (const plan of plans) {
		const {built} = await cached({
			key: plan.key,
			onProgress,
			signal,
			async build(directory) {
				const packages = await ensureTree(treeName, options);
				tree ??= await openKernelTree(packages, path.join(work.path, 'tree'), options);
				onProgress?.(`building kernel ${plan.name}: ${plan.title}`);
				const startedAt = monotonicMs();
				await tree.build(plan.options, directory);
				const facts = {seconds: Math.round((monotonicMs() - startedAt) / 1000), source: await sourceOf(packages)};
				await writeFile(path.join(directory, factsFile), `${JSON.stringify(facts, undefined, '\t')}\n`);
			},
		});
		kernels.push(await finished(plan, built));
	}

	return kernels;
};

/** What a kernel is made of, as a word that changes with it; undefined for an unknown name. */
export const kernelDigest = (name: string): string | undefined =>
	Object.hasOwn(kernelVariants(), name) ? planOf(name).key : undefined;

/** The boot image of a test kernel; undefined where the cache has none of this recipe. @throws UsageError for an unknown name */
export const builtKernel = (name: string): string | undefined => {
	const file = kernelIn(planOf(name).directory);
	return existsSync(file) ? file : undefined;
};

const kernelIn = (directory: string): string => path.join(directory, 'vmlinuz');

type Plan = {
	readonly name: string;
	readonly title: string;
	readonly options: string;
	readonly key: string;
	readonly directory: string;
};

const treeName = 'kernel-build';
const factsFile = 'kernel.json';
const factsSchema = z.strictObject({seconds: z.number(), source: z.string()});

/** Options, packages and commands: whatever changes these makes another kernel. */
const planOf = (name: string): Plan => {
	const {title, options: changes} = kernelVariant(name);
	const options = withOptions(baseOptions(), changes);
	const key = `kernel-${name}-${digestOf([treeDigest(treeName), options, ...Object.values(kernelCommands)])}`;
	return {name, title, options, key, directory: path.join(imageCache(), key)};
};

const finished = async ({name, title, directory}: Plan, built: boolean): Promise<BuiltKernel> => {
	const facts = factsSchema.parse(JSON.parse(await readFile(path.join(directory, factsFile), 'utf8')));
	return {name, title, path: kernelIn(directory), ...facts, built};
};

const sourceOf = async (packages: string): Promise<string> => {
	const list = await readFile(path.join(packages, 'packages.txt'), 'utf8');
	return /^linux-source-\S+\t.*$/mv.exec(list)?.[0].replace('\t', ' ') ?? 'unknown';
};
