import {type Document, type LineCounter, isMap, isNode, isPair, isScalar} from 'yaml';
import {z} from 'zod';
import {nearestIds} from '../core/nearest.ts';
import type {Contradiction} from './consistency.ts';
import type {Mapping} from './merge.ts';
import {profileSchema} from './schema.ts';

/** One profile file of a chain. */
export type Source = {
	readonly file: string;
	readonly document: Document;
	readonly lines: LineCounter;
	readonly value: Mapping;
};

type Path = readonly PropertyKey[];

/** One line an issue: `file:line:column: path: what is wrong`, in the youngest file that says anything about that path. */
export const describeIssues = (issues: readonly z.core.$ZodIssue[], where: Where): string =>
	describe(
		issues.flatMap((issue) => complaints(issue)),
		where,
	);

/** The same for contradictions between keys. */
export const describeContradictions = (contradictions: readonly Contradiction[], where: Where): string =>
	describe(
		contradictions.map(({path, message}) => ({path, text: message})),
		where,
	);

type Where = {readonly sources: readonly Source[]; readonly overrides: unknown};
type Complaint = {readonly path: Path; readonly text: string};

const describe = (all: readonly Complaint[], {sources, overrides}: Where): string =>
	all.map(({path, text}) => `${locate(path, sources, overrides)}: ${path.join('.') || 'profile'}: ${text}`).join('\n');

const complaints = (issue: z.core.$ZodIssue): readonly Complaint[] => {
	if (issue.code === 'unrecognized_keys') {
		return issue.keys.map((key) => ({path: [...issue.path, key], text: unknownKey(key, knownKeys(issue.path))}));
	}

	if (issue.code === 'invalid_key') {
		const known = knownKeys(issue.path.slice(0, -1));
		const text = known.length === 0 ? issue.issues[0]?.message : undefined;
		return [{path: issue.path, text: text ?? unknownKey(String(issue.path.at(-1)), known)}];
	}

	const message = issue.message.replace(/^Invalid input: (?<wanted>.*), received undefined$/u, 'missing, $<wanted>');
	return [{path: issue.path, text: `${message.charAt(0).toLowerCase()}${message.slice(1)}`}];
};

const unknownKey = (key: string, known: readonly string[]): string => {
	const [closest] = nearestIds(key, known);
	return closest === undefined
		? `unknown key${known.length > 0 ? `, known are ${known.join(', ')}` : ''}`
		: `unknown key, did you mean "${closest}"?`;
};

/** The keys that the schema knows below a path, by its JSON Schema. */
const knownKeys = (path: Path): readonly string[] => {
	const node = path.reduce<JsonSchema | undefined>(
		(parent, step) => parent?.properties?.[String(step)] ?? parent?.additionalProperties,
		z.toJSONSchema(profileSchema, {io: 'input'}) as JsonSchema,
	);
	return node?.propertyNames?.enum ?? Object.keys(node?.properties ?? {});
};

/** The place of the path or of its nearest ancestor that stands in a file. */
export const locate = (path: Path, sources: readonly Source[], overrides?: unknown): string => {
	if (path.length > 0 && has(overrides, path)) {
		return 'overrides';
	}

	for (let length = path.length; length > 0; length -= 1) {
		for (const {file, document, lines} of sources) {
			const offset = offsetOf(document, path.slice(0, length));
			if (offset !== undefined) {
				const {line, col} = lines.linePos(offset);
				return `${file}:${line}:${col}`;
			}
		}
	}

	return `${sources[0]?.file ?? 'profile'}:1:1`;
};

const has = (value: unknown, [step, ...rest]: Path): boolean =>
	step === undefined ||
	(typeof value === 'object' &&
		value !== null &&
		Object.hasOwn(value, step) &&
		has((value as Record<PropertyKey, unknown>)[step], rest));

/** Where the key of a path starts: a person looks for the key, not for its value. */
const offsetOf = (document: Document, path: Path): number | undefined => {
	const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
	const last = path.at(-1);
	if (isMap(parent)) {
		const pair = parent.items.find(
			(item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(last),
		);
		return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
	}

	const node: unknown = document.getIn(path, true);
	return isNode(node) ? node.range?.[0] : undefined;
};

type JsonSchema = {
	readonly properties?: Readonly<Record<string, JsonSchema>>;
	/** `false` in a closed object: indexing it gives nothing, as it should. */
	readonly additionalProperties?: JsonSchema;
	readonly propertyNames?: {readonly enum?: readonly string[]};
};
