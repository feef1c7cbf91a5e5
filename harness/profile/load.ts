import {readFile, readdir} from 'node:fs/promises';
import path from 'node:path';
import {LineCounter, parseDocument} from 'yaml';
import {UsageError, messageOf} from '../core/errors.ts';
import {didYouMean} from '../core/nearest.ts';
import {findContradictions} from './consistency.ts';
import {type Source, describeContradictions, describeIssues, locate} from './diagnose.ts';
import {type Mapping, isMapping, mergeProfile} from './merge.ts';
import {type Profile, profileSchema} from './schema.ts';

const directory = path.resolve(import.meta.dirname, '../../qemu-profiles');

/**
 * Reads a profile, merges it over the profiles it extends, and checks the whole.
 * @param nameOrPath a name from `profileNames()`, or a path (anything with a slash or ending in .yaml or .yml)
 * @param options.overrides laid over the file last, for machines that are wrong on purpose
 * @throws UsageError with file, line, column and the nearest known key
 */
export const loadProfile = async (
	nameOrPath: string,
	{overrides}: {readonly overrides?: unknown} = {},
): Promise<Profile> => {
	const sources = await readChain(nameOrPath);
	const layers: Mapping[] = sources.map(({value}) => value).toReversed();
	if (overrides !== undefined) {
		if (!isMapping(overrides)) {
			throw new UsageError('The overrides of a profile must be a mapping');
		}

		layers.push(overrides);
	}

	const parsed = profileSchema.safeParse(layers.reduce(mergeProfile, {}));
	if (!parsed.success) {
		throw new UsageError(describeIssues(parsed.error.issues, {sources, overrides}));
	}

	const contradictions = findContradictions(parsed.data);
	if (contradictions.length > 0) {
		throw new UsageError(describeContradictions(contradictions, {sources, overrides}));
	}

	return {...parsed.data, name: path.basename(nameOrPath).replace(/\.ya?ml$/u, '')};
};

/** What the file of a profile says itself, without what it extends. @throws UsageError as loadProfile does, but for what only a whole profile shows */
export const profileOwn = async (
	nameOrPath: string,
): Promise<{readonly parent: string | undefined; readonly own: Mapping}> => {
	const wanted = {name: nameOrPath, from: process.cwd(), place: ''};
	const {source, parent} = await readSource(fileOf(wanted), wanted);
	return {parent: parent?.name, own: source.value};
};

/** The profiles that come with the program, by name, in alphabetical order. */
export const profileNames = async (): Promise<readonly string[]> =>
	(await readdir(directory))
		.filter((file) => file.endsWith('.yaml'))
		.map((file) => path.basename(file, '.yaml'))
		.toSorted((a, b) => a.localeCompare(b));

/** The file and its ancestors, the youngest first. */
const readChain = async (nameOrPath: string): Promise<readonly Source[]> => {
	const chain: Source[] = [];
	let wanted: Wanted | undefined = {name: nameOrPath, from: process.cwd(), place: ''};
	while (wanted !== undefined) {
		const file: string = fileOf(wanted);
		if (chain.some((source) => source.file === file)) {
			const way = [...chain.map((source) => source.file), file].join(' → ');
			throw new UsageError(`${wanted.place}Profile ${file} extends itself: ${way}`);
		}

		const {source, parent} = await readSource(file, wanted);
		chain.push(source);
		wanted = parent;
	}

	return chain;
};

type Wanted = {
	readonly name: string;
	/** Relative paths start here. */
	readonly from: string;
	/** `file:line:column: extends: ` of whoever wants it; empty where a person does. */
	readonly place: string;
};

/** Whether it names a file, and no profile of the project. */
export const isProfilePath = (name: string): boolean => name.includes('/') || /\.ya?ml$/u.test(name);

const fileOf = ({name, from}: Wanted): string =>
	isProfilePath(name) ? path.resolve(from, name) : path.join(directory, `${name}.yaml`);

const readSource = async (file: string, wanted: Wanted): Promise<{source: Source; parent: Wanted | undefined}> => {
	const lines = new LineCounter();
	const document = parseDocument(await readText(file, wanted), {lineCounter: lines, prettyErrors: true});
	const [error] = document.errors;
	if (error !== undefined) {
		const at = error.linePos?.[0];
		const [first = error.message] =
			error.code === 'MULTIPLE_DOCS' ? ['A profile is one document'] : error.message.split('\n');
		throw new UsageError(
			`${file}:${at?.line ?? 1}:${at?.col ?? 1}: ${first.replace(/ at line \d+, column \d+:?$/u, '')}`,
			{
				cause: error,
			},
		);
	}

	const content: unknown = document.toJS();
	if (!isMapping(content)) {
		throw new UsageError(`${file}:1:1: a profile is a mapping of keys to values`);
	}

	const {extends: parent, ...value} = content;
	const source = {file, document, lines, value};
	if (parent === undefined) {
		return {source, parent};
	}

	const place = `${locate(['extends'], [source])}: extends: `;
	if (typeof parent !== 'string') {
		throw new UsageError(`${place}must be the name or the path of one profile`);
	}

	return {source, parent: {name: parent, from: path.dirname(file), place}};
};

const readText = async (file: string, {name, place}: Wanted): Promise<string> => {
	try {
		return await readFile(file, 'utf8');
	} catch (error) {
		const known = await profileNames();
		throw isProfilePath(name)
			? new UsageError(`${place}Profile ${file} cannot be read: ${messageOf(error)}`, {cause: error})
			: new UsageError(`${place}There is no profile "${name}".${didYouMean(name, known)}`, {
					cause: error,
					hint: `Profiles: ${known.join(', ')}. A path contains a slash or ends in .yaml.`,
				});
	}
};
