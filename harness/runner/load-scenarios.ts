import {readdir, stat} from 'node:fs/promises';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {UsageError} from '../core/errors.ts';
import {didYouMean} from '../core/nearest.ts';
import {requirementIds} from '../core/requirements/ids.ts';
import {type Scenario} from '../machine/scenario.ts';

const directory = new URL('../../scenarios/', import.meta.url);

/** Every scenario of the project, sorted by id, then a user's own files; those marked `late` come after all of these, those marked `last` at the end. */
export const loadScenarios = async (userFiles: readonly string[] = []): Promise<readonly Scenario[]> => {
	const names = (await readdir(directory))
		.filter((name) => name.endsWith('.ts'))
		.toSorted((a, b) => a.localeCompare(b, 'en'));
	const own = await Promise.all(names.map(async (name) => loadFile(new URL(name, directory))));
	const users = await Promise.all(userFiles.map(async (file) => loadFile(pathToFileURL(path.resolve(file)))));
	const all = [...own, ...users].toSorted((a, b) => rankOf(a) - rankOf(b));
	assertUnique(all);
	return all;
};

const rankOf = ({order}: Scenario): number => (order === undefined ? 0 : order === 'late' ? 1 : 2);

const loadFile = async (url: URL): Promise<Scenario> => {
	let module: {readonly default?: unknown};
	try {
		// The path is the person's own choice, or the project's scenarios folder. A module is loaded once: one that was changed since is another.
		const changed = await stat(url).catch(() => undefined);
		module = (await import(`${url.href}?${changed?.mtimeMs ?? 0}`)) as typeof module;
	} catch (error) {
		throw new UsageError(
			`Cannot load the scenario ${url.pathname}: ${error instanceof Error ? error.message : String(error)}`,
			{
				cause: error,
				hint: 'See docs/writing-a-scenario.md.',
			},
		);
	}

	if (!looksLikeScenario(module.default)) {
		throw new UsageError(`${url.pathname} does not export a scenario`, {
			hint: 'Write `export default scenario({…})`; see docs/writing-a-scenario.md.',
		});
	}

	const unknown = module.default.proves.find(
		(id) => !(requirementIds as readonly string[]).includes(id) && !id.startsWith('custom.'),
	);
	if (unknown !== undefined) {
		throw new UsageError(
			`${url.pathname} proves the unknown requirement "${unknown}".${didYouMean(unknown, requirementIds)}`,
			{
				hint: 'Rows of your own begin with "custom.".',
			},
		);
	}

	return module.default;
};

const looksLikeScenario = (value: unknown): value is Scenario =>
	typeof value === 'object' &&
	value !== null &&
	'id' in value &&
	typeof value.id === 'string' &&
	'title' in value &&
	typeof value.title === 'string' &&
	'proves' in value &&
	Array.isArray(value.proves) &&
	'run' in value &&
	typeof value.run === 'function';

/** Two scenarios that settle one row would leave it to chance which of them is believed. */
const assertUnique = (scenarios: readonly Scenario[]): void => {
	const owner = new Map<string, string>();
	for (const {id, proves} of scenarios) {
		for (const name of [`scenario ${id}`, ...proves]) {
			const other = owner.get(name);
			if (other !== undefined) {
				throw new UsageError(`${name} is claimed by two scenarios: ${other} and ${id}`, {
					hint: 'Give your scenario an id of its own, and rows that begin with "custom.".',
				});
			}

			owner.set(name, id);
		}
	}
};
