import {type RunResult} from '../../report/result-schema.ts';

/** Rows by id. */
export type Rows = ReadonlyMap<string, string>;

/** Of several images, each row with its image's name. */
export const rowsOfAll = (results: readonly RunResult[]): Rows =>
	new Map(
		results.flatMap(({image, requirements}) =>
			requirements.map(({id, verdict}) => [results.length === 1 ? id : `${image.path} ${id}`, verdict] as const),
		),
	);

/** What became of each row that changed, in the order of the later run: "hw.net.tso4: pass → fail"; a row that is gone or new says so. */
export const changesBetween = (before: Rows, after: Rows): readonly string[] => {
	const ids = new Set([...after.keys(), ...before.keys()]);
	const told = (rows: Rows, id: string): string => rows.get(id) ?? 'not judged';
	return [...ids]
		.filter((id) => before.get(id) !== after.get(id))
		.map((id) => `${id}: ${told(before, id)} → ${told(after, id)}`);
};
