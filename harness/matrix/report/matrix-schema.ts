import {z} from 'zod';
import {verdicts} from '../../core/verdict.ts';

const verdict = z.enum(verdicts);
const ofCell = {cell: z.string().describe('id of the cell')};
const rowChange = z
	.strictObject({
		...ofCell,
		id: z.string().describe('of a row; run: whether the guest came up'),
		before: verdict.nullable(),
		after: verdict.nullable(),
	})
	.readonly();
const changes = z
	.strictObject({
		compared: z.int().min(1).describe('cells that have an earlier run to compare with'),
		newlyFailing: z.array(rowChange).readonly().describe('without what is known to fail'),
		newlyPassing: z.array(rowChange).readonly(),
		flaky: z
			.array(
				z
					.strictObject({...ofCell, id: z.string(), sha256: z.string(), bad: z.int().min(1), runs: z.int().min(2)})
					.readonly(),
			)
			.readonly()
			.describe('rows that were bad in some runs of one image, and good in others'),
		figures: z
			.array(
				z
					.strictObject({
						...ofCell,
						kind: z.enum(['phase', 'measurement']),
						id: z.string(),
						before: z.number().describe('milliseconds, or of the measurement’s own unit'),
						after: z.number(),
						noise: z
							.strictObject({runs: z.int(), median: z.number(), low: z.number(), high: z.number()})
							.readonly()
							.nullable(),
						change: z.enum(['slower', 'faster', 'higher', 'lower', 'within-noise', 'unknown']),
					})
					.readonly(),
			)
			.readonly()
			.describe('beyond noise'),
	})
	.readonly();

/**
 * What `bootwright matrix --json FILE` and `merge --json FILE` write. A contract: fields are added, never changed or removed, without a
 * new `schema`. Published as docs/matrix.schema.json (`npm run schema`).
 */
export const matrixResultSchema = z
	.strictObject({
		schema: z.literal('bootwright-matrix-1'),
		cells: z
			.array(
				z
					.strictObject({
						id: z.string(),
						image: z.string().describe('as "bootwright test" takes it'),
						profile: z.string(),
						accelerator: z.enum(['auto', 'kvm', 'tcg']).describe('that ran it; auto where no run was begun'),
						set: z.string().describe('of rows'),
						state: verdict.describe('skip: nothing failed but what is known'),
						reason: z.string(),
						exitCode: z.int().min(0).max(255).describe('without what is known to fail'),
						startedAt: z.number().nullable().describe('ms since 1970, UTC; null where nobody has run it'),
						durationMs: z.number().min(0).nullable(),
						run: z.string().nullable().describe("directory of the run's artifacts, below the cell's"),
						known: z.array(z.string()).readonly().describe('ids of the known issues that happened'),
						rows: z.array(z.strictObject({id: z.string(), verdict}).readonly()).readonly(),
					})
					.readonly(),
			)
			.readonly()
			.describe('in the order of the matrix'),
		changes: changes.nullable().describe('since the earlier nights; null where there is none, or no history was kept'),
		known: z
			.array(
				z
					.strictObject({
						id: z.string(),
						reason: z.string(),
						link: z.string().nullable(),
						until: z.string().describe('the last day, UTC'),
						expired: z.boolean().describe('that day is over: it counts as a failure again'),
						places: z
							.array(
								z
									.strictObject({
										...ofCell,
										rows: z.array(z.string()).readonly().describe('run: the guest did not come up'),
									})
									.readonly(),
							)
							.readonly(),
					})
					.readonly(),
			)
			.readonly()
			.describe('known issues that happened, and where'),
		gone: z.array(z.string()).readonly().describe('known issues that happened nowhere'),
	})
	.readonly();

export type MatrixResult = z.infer<typeof matrixResultSchema>;
