import {readFileSync} from 'node:fs';
import path from 'node:path';
import {parse} from 'yaml';
import {z} from 'zod';
import {HarnessBug, UsageError} from '../../core/errors.ts';
import {didYouMean} from '../../core/nearest.ts';
import {requirementIds} from '../../core/requirements/ids.ts';
import {recipesDirectory} from './recipe.ts';

/** Options by name without `CONFIG_`; YAML has `y` and `n` as words and numbers as numbers. */
const optionsSchema = z.record(z.string().regex(/^[A-Z\d_]+$/v), z.union([z.enum(['y', 'n']), z.int()]));
export type KernelOptions = z.infer<typeof optionsSchema>;

const rows = z.array(z.enum(requirementIds)).readonly();

const variantSchema = z.strictObject({
	title: z.string(),
	/** What differs from base.config. */
	options: optionsSchema,
	expect: z.union([
		/** It comes up, and exactly these rows fail; nobody can find out about the others, for want of tools in the guest. */
		z.strictObject({fails: rows, skips: rows.default([])}),
		/** It does not come up: the way of dying as reports name it, and words of the message. */
		z.strictObject({dies: z.string(), words: z.string()}),
	]),
});
export type KernelVariant = z.infer<typeof variantSchema>;

const folder = path.join(recipesDirectory, 'kernels');

/** The options of the kernel that has everything, as text for Kconfig. */
export const baseOptions = (): string => readFileSync(path.join(folder, 'base.config'), 'utf8');

/** All kernels by name, `base` first, in the order in which one after the other is built. */
export const kernelVariants = (): Readonly<Record<string, KernelVariant>> => {
	const file: unknown = parse(readFileSync(path.join(folder, 'variants.yaml'), 'utf8'));
	const result = z.record(z.string().regex(/^[a-z\d\-]+$/v), variantSchema).safeParse(file);
	if (!result.success) {
		throw new HarnessBug(`images/kernels/variants.yaml: ${z.prettifyError(result.error)}`);
	}

	return result.data;
};

/** @throws UsageError for a name without a recipe */
export const kernelVariant = (name: string): KernelVariant => {
	const variants = kernelVariants();
	const found = variants[name];
	if (found === undefined) {
		const names = Object.keys(variants);
		throw new UsageError(`There is no kernel "${name}".${didYouMean(name, names)}`, {
			hint: `Kernels: ${names.join(', ')}`,
		});
	}

	return found;
};
