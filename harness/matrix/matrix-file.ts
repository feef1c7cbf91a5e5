import {readFile} from 'node:fs/promises';
import {z} from 'zod';
import {UsageError, messageOf} from '../core/errors.ts';
import {parseYaml} from '../core/parse-yaml.ts';
import {whyInvalid} from '../core/why-invalid.ts';

const words = z.array(z.string().min(1)).readonly().default([]);
/** Of a worker. */
export const label = z.string().regex(/^[a-z\d][a-z\d\-]{0,31}$/v, 'a word of small letters, digits and "-"');
const word = z.string().regex(/^[a-z\d][\w.-]*$/i, 'a word of letters, digits, ".", "_" and "-"');

/** An option that may be given more than once: one alone needs no list. */
const oneOrMore = z.preprocess(
	(value) => (typeof value === 'string' ? [value] : value),
	z.array(z.string().min(1)).min(1).readonly(),
);

/** Options of `bootwright test` that may differ from cell to cell; docs/matrix.md lists them. */
export const optionsSchema = z.strictObject({
	scenario: oneOrMore.optional(),
	strict: z.boolean().optional(),
	access: z.enum(['auto', 'shell', 'credentials', 'metadata', 'inject']).optional(),
	network: z.enum(['auto', 'user']).optional(),
	user: z.string().optional(),
	'password-file': z.string().optional(),
	config: z.string().optional(),
	kernel: z.string().optional(),
	initrd: z.string().optional(),
	append: z.string().optional(),
	modules: z.string().optional(),
	timeout: z.number().positive().optional(),
	'timeout-scale': z.number().positive().optional(),
});
export type CellOptions = z.infer<typeof optionsSchema>;

const imageSchema = z.preprocess(
	(value) => (typeof value === 'string' ? {image: value} : value),
	z
		.strictObject({
			image: z.string().min(1).optional(),
			/** In place of an image: a kernel by itself, as `--kernel` takes it. */
			kernel: z.string().min(1).optional(),
			/** Stands for it in the names of cells; default: made of the image's. */
			name: word.optional(),
			tags: words,
			/** Labels that a worker must have (docs/queue.md). */
			needs: z.array(label).readonly().default([]),
			options: optionsSchema.default({}),
		})
		.refine(({image, kernel}) => (image === undefined) !== (kernel === undefined), {
			error: 'must name an image, or a kernel',
		})
		.refine(({kernel, options}) => kernel === undefined || options.kernel === undefined, {
			error: 'names a kernel, and has another one in its options',
		})
		.refine(
			({kernel, options: {kernel: other, initrd, modules, append}}) =>
				(kernel ?? other) !== undefined || [initrd, modules, append].every((one) => one === undefined),
			{error: 'has an initrd, modules or append without a kernel: an image brings its own'},
		),
);

const setSchema = z.strictObject({name: word, only: words, skip: words});

/** Which cells are meant: every key that is there has to match, as a glob. */
const matchSchema = z.strictObject({
	cell: z.string().optional(),
	image: z.string().optional(),
	profile: z.string().optional(),
	accelerator: z.string().optional(),
	set: z.string().optional(),
	tag: z.string().optional(),
});
export type Match = z.infer<typeof matchSchema>;

const knownSchema = z.strictObject({
	id: word,
	match: matchSchema.default({}),
	/** Globs of rows; `run`: that the guest does not come up. */
	rows: z.array(z.string().min(1)).min(1).readonly(),
	reason: z.string().min(1),
	link: z.url({protocol: /^https?$/}).optional(),
	/** The last day on which it is known; afterwards it fails again. */
	until: z.iso.date(),
});
export type KnownIssue = z.infer<typeof knownSchema>;

export const accelerator = z.enum(['auto', 'kvm', 'tcg']);
const everything = {name: 'all', only: [], skip: []};

export const matrixSchema = z.strictObject({
	images: z.array(imageSchema).min(1).readonly(),
	profiles: z.array(z.string().min(1)).min(1).readonly().default(['gce']),
	accelerators: z.array(accelerator).min(1).readonly().default(['auto']),
	sets: z.array(setSchema).min(1).readonly().default([everything]),
	/** Taken out again: a cell that any of them matches. */
	exclude: z.array(matchSchema).readonly().default([]),
	/** Further cells. */
	include: z
		.array(
			z.strictObject({
				image: imageSchema,
				profile: z.string().default('gce'),
				accelerator: accelerator.default('auto'),
				set: setSchema.default(everything),
			}),
		)
		.readonly()
		.default([]),
	known: z.array(knownSchema).readonly().default([]),
});
export type Matrix = z.infer<typeof matrixSchema>;

/** @throws UsageError with the file and what is wrong in it */
export const readMatrix = async (file: string): Promise<Matrix> => {
	let text: string;
	try {
		text = await readFile(file, 'utf8');
	} catch (error) {
		throw new UsageError(`Cannot read the matrix ${file}: ${messageOf(error)}`, {cause: error});
	}

	return parseMatrix(text, file);
};

export const parseMatrix = (text: string, file: string): Matrix => {
	const result = matrixSchema.safeParse(parseYaml(text, file));
	if (!result.success) {
		throw new UsageError(`${file}: ${whyInvalid(result.error)}`, {
			hint: 'docs/matrix.md shows one that is whole.',
		});
	}

	return result.data;
};
