import {createHash} from 'node:crypto';
import {z} from 'zod';
import {inByteOrder} from '../../image/build/in-byte-order.ts';
import {cellSchema, type Cell} from '../cells.ts';
import {digestsOf, type Digests} from './digests.ts';

const jobSchema = z.object({
	/** Of the matrix's directory: 16 hex digits. */
	run: z.string().regex(/^[\da-f]{16}$/v),
	cell: cellSchema,
	/** That judges it: harness/program/program-version.ts. */
	version: z.string(),
	digests: z.record(z.string(), z.string().nullable()),
});

/** What a worker is told of a cell. */
export type CellJob = Omit<z.infer<typeof jobSchema>, 'cell'> & {readonly cell: Cell};

/** @throws ZodError */
export const parseCellJob = (data: unknown): CellJob => jobSchema.parse(data);

/**
 * The same for the same cell of the same matrix, judged by the same version on the same files: put into the queue twice, it is there once.
 * @returns `RUN-DIGEST`
 */
export const jobIdOf = ({run, cell, version, digests}: CellJob): string =>
	`${run}-${createHash('sha256')
		.update(JSON.stringify([cell, version, Object.entries(digests).toSorted(([a], [b]) => inByteOrder(a, b))]))
		.digest('hex')
		.slice(0, 16)}`;

/** Why this machine must not run it, in words; undefined where it may. @throws HostError where a file cannot be read */
export const objectionTo = async (
	{cell, version, digests}: CellJob,
	own: {readonly version: string; readonly signal: AbortSignal},
): Promise<string | undefined> => {
	if (version !== own.version) {
		return `the matrix is Bootwright ${version}, and it is ${own.version}`;
	}

	const mine = await digestsOf(cell, own.signal);
	const other = Object.keys({...digests, ...mine}).find((file) => (digests[file] ?? null) !== (mine[file] ?? null));
	return other === undefined
		? undefined
		: `${other} ${have(mine[other] ?? null)} here, and ${have(digests[other] ?? null)} for the matrix`;
};

const have = (digest: Digests[string]): string => (digest === null ? 'is not there' : `has the digest ${digest}`);
