import {z} from 'zod';
import {UsageError} from '../core/errors.ts';
import {matchesGlob} from '../core/glob.ts';
import {type KnownIssue, type Match, type Matrix, accelerator, label, optionsSchema} from './matrix-file.ts';

/** A name for a directory, which leads nowhere else. */
export const cellId = z.string().regex(/^[\w\-][\w.\-]{0,250}$/v, 'the name of a cell');

/** A cell as another machine sends it. */
export const cellSchema = z.strictObject({
	/** `debian-12.gce.auto.all`: unique, and a name for a directory. */
	id: cellId,
	/** As `bootwright test` takes it, or `--kernel` where `kernel` stands beside it. */
	image: z.string(),
	/** It is no image, but a kernel by itself. */
	kernel: z.literal(true).optional(),
	profile: z.string(),
	accelerator,
	set: z.string(),
	only: z.array(z.string()).readonly(),
	skip: z.array(z.string()).readonly(),
	tags: z.array(z.string()).readonly(),
	/** Labels that a worker must have. */
	needs: z.array(label).readonly(),
	options: optionsSchema,
});

/** One run of a matrix. Everything in it stands in its record: two cells are the same when this is. */
export type Cell = Readonly<z.infer<typeof cellSchema>>;

/**
 * All cells, in the order of the file.
 * @throws UsageError for two cells of one name, and for a line that concerns no cell: it would promise what does not happen
 */
export const cellsOf = ({images, profiles, accelerators, sets, include, exclude, known}: Matrix): readonly Cell[] => {
	const product = images.flatMap((image) =>
		profiles.flatMap((profile) =>
			accelerators.flatMap((accelerator) => sets.map((set) => cellOf({image, profile, accelerator, set}))),
		),
	);
	for (const match of exclude) {
		mustConcern(product, match, 'exclude');
	}

	const cells = [
		...product.filter((cell) => exclude.every((match) => !concerns(match, cell))),
		...include.map((one) => cellOf(one)),
	];
	const twice = cells.find((cell, index) => cells.findIndex(({id}) => id === cell.id) !== index);
	if (twice !== undefined) {
		throw new UsageError(`Two cells of the matrix are called ${twice.id}`, {hint: 'Give one image another "name".'});
	}

	for (const {id, match} of known) {
		mustConcern(cells, match, `known issue ${id}`);
	}

	return cells;
};

export const concerns = (match: Match, cell: Cell): boolean =>
	(Object.entries(match) as ReadonlyArray<[keyof Match, string]>).every(([key, pattern]) =>
		valuesOf(cell, key).some((value) => matchesGlob(pattern, value)),
	);

/** Those that a cell has to know of. */
export const knownFor = (cell: Cell, known: readonly KnownIssue[]): readonly KnownIssue[] =>
	known.filter(({match}) => concerns(match, cell));

const valuesOf = (cell: Cell, key: keyof Match): readonly string[] =>
	key === 'tag' ? cell.tags : [key === 'cell' ? cell.id : cell[key]];

const mustConcern = (cells: readonly Cell[], match: Match, what: string): void => {
	if (cells.every((cell) => !concerns(match, cell))) {
		throw new UsageError(`${what} matches no cell of the matrix: ${JSON.stringify(match)}`, {
			hint: 'bootwright matrix FILE --list shows the cells.',
		});
	}
};

type Part = Pick<Cell, 'profile' | 'accelerator'> & {
	readonly image: Matrix['images'][number];
	readonly set: Matrix['sets'][number];
};

const cellOf = ({image, profile, accelerator, set}: Part): Cell => {
	const named = image.image ?? image.kernel ?? '';
	return {
		id: [image.name ?? nameOf(named), nameOf(profile), accelerator, set.name].join('.'),
		image: named,
		...(image.kernel !== undefined && {kernel: true}),
		profile,
		accelerator,
		set: set.name,
		only: set.only,
		skip: set.skip,
		tags: image.tags,
		needs: image.needs,
		options: image.options,
	};
};

/** `ref:debian-12` and `/images/debian-12.raw` are both `debian-12`. */
const nameOf = (image: string): string =>
	image
		.replace(/^ref:/v, '')
		.replace(/^.*\//v, '')
		.replace(/\.(?:raw|tar\.gz|ya?ml)$/v, '')
		.replaceAll(/[^\w.\-]/gv, '_')
		.replace(/^\.+/v, '_');
