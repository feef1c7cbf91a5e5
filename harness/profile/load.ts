import {readFile, readdir} from 'node:fs/promises';
import path from 'node:path';
import {LineCounter, parseDocument} from 'yaml';
import {UsageError, messageOf} from '../core/errors.ts';
import {type Source, describeIssues} from './diagnose.ts';
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

	return {...parsed.data, name: path.basename(nameOrPath).replace(/\.ya?ml$/u, '')};
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
	let next: {readonly wanted: string; readonly from: string} | undefined = {wanted: nameOrPath, from: process.cwd()};
	while (next !== undefined) {
		const file: string = fileOf(next.wanted, next.from);
		if (chain.some((source) => source.file === file)) {
			throw new UsageError(`Profile ${file} extends itself: ${[...chain.map((s) => s.file), file].join(' → ')}`);
		}

		const {source, parent} = await readSource(file, next.wanted);
		chain.push(source);
		next = parent === undefined ? undefined : {wanted: parent, from: path.dirname(file)};
	}

	return chain;
};

const fileOf = (wanted: string, from: string): string =>
	wanted.includes('/') || /\.ya?ml$/u.test(wanted)
		? path.resolve(from, wanted)
		: path.join(directory, `${wanted}.yaml`);

const readSource = async (file: string, wanted: string): Promise<{source: Source; parent: string | undefined}> => {
	const lines = new LineCounter();
	const document = parseDocument(await readText(file, wanted), {lineCounter: lines, prettyErrors: true});
	const [error] = document.errors;
	if (error !== undefined) {
		const at = error.linePos?.[0];
		const [first = error.message] = error.message.split('\n');
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
	if (parent !== undefined && typeof parent !== 'string') {
		throw new UsageError(`${file}:1:1: extends: must be the name or the path of one profile`);
	}

	return {source: {file, document, lines, value}, parent};
};

const readText = async (file: string, wanted: string): Promise<string> => {
	try {
		return await readFile(file, 'utf8');
	} catch (error) {
		const known = (await profileNames()).join(', ');
		throw new UsageError(`Profile "${wanted}" cannot be read: ${messageOf(error)}`, {
			cause: error,
			hint: `Known profiles: ${known}. A path must contain a slash or end in .yaml.`,
		});
	}
};
