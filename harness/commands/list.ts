import {UsageError} from '../core/errors.ts';
import {didYouMean} from '../core/nearest.ts';
import {requirements} from '../core/requirements/catalogue.ts';
import {requirementGroups} from '../core/requirements/types.ts';
import {describeImages} from '../image/build.ts';
import {loadProfile, profileNames} from '../profile/load.ts';
import {type Layout, layoutOf, wrap} from '../report/layout.ts';
import {wantsColor} from '../report/wants-color.ts';
import {loadScenarios} from '../runner/load-scenarios.ts';
import {loadMutants} from '../runner/mutants/load-mutants.ts';
import type {CommandContext} from './command.ts';
import {listed} from './shared-options.ts';

/** `bootwright list`: requirements, scenarios, profiles, images, mutants; all of them where nothing is named. */
export const run = async (
	{stdout, env}: CommandContext,
	{json = false}: {readonly json?: boolean},
	what?: string,
): Promise<number> => {
	const wanted = what === undefined ? listed : listed.filter((name) => name === what);
	if (wanted.length === 0) {
		throw new UsageError(`There is no list of "${what ?? ''}".${didYouMean(what ?? '', listed)}`, {
			hint: `bootwright list [${listed.join('|')}]`,
		});
	}

	const lists = await Promise.all(wanted.map(async (name) => ({name, entries: await loaders[name]()})));
	if (json) {
		const object = Object.fromEntries(lists.map(({name, entries}) => [name, entries]));
		stdout.write(`${JSON.stringify(object, undefined, 2)}\n`);
		return 0;
	}

	const layout = layoutOf({width: stdout.columns, color: wantsColor(stdout, env)});
	const texts = lists.map(({name, entries}) => [
		...(lists.length === 1 ? [] : [layout.paint('bold', name)]),
		...render(entries, layout),
	]);
	stdout.write(`${texts.map((lines) => lines.join('\n')).join('\n\n')}\n`);
	return 0;
};

/** What every list is made of; each adds what only it knows. */
type Entry = {
	readonly id: string;
	readonly title: string;
	/** Heading under which it stands. */
	readonly group?: string;
	/** Rows that it settles, or must fail. */
	readonly rows?: readonly string[];
};

const loaders: Readonly<Record<(typeof listed)[number], () => Promise<readonly Entry[]>>> = {
	requirements: () =>
		Promise.resolve(
			requirements.map(({id, title, group}) => ({
				id,
				title,
				group: requirementGroups.find((one) => one.id === group)?.title ?? group,
			})),
		),
	scenarios: async () => (await loadScenarios()).map(({id, title, proves}) => ({id, title, rows: proves})),
	profiles: async () =>
		Promise.all((await profileNames()).map(async (id) => ({id, title: (await loadProfile(id)).title}))),
	images: () => Promise.resolve(describeImages().map(({name, title}) => ({id: `ref:${name}`, title}))),
	mutants: async () =>
		(await loadMutants()).map(({id, title, kind, fails}) => ({id, title, group: mutantGroups[kind], rows: fails})),
};

const mutantGroups = {
	machine: 'Machines',
	guest: 'Guests',
	config: 'Kernel configurations',
} as const;

const render = (entries: readonly Entry[], layout: Layout): readonly string[] =>
	Map.groupBy(entries, ({group}) => group)
		.entries()
		.flatMap(([group, members]) => [
			...(group === undefined ? [] : [layout.paint('dim', group)]),
			...renderGroup(members, layout),
		])
		.toArray();

const renderGroup = (members: readonly Entry[], layout: Layout): readonly string[] => {
	const width = Math.max(...members.map(({id}) => id.length));
	return members.map(({id, title, rows}) =>
		wrap(rows === undefined ? title : `${title} ${layout.paint('dim', `(${rowWords(rows)})`)}`, layout, {
			first: `  ${id.padEnd(width)}  `,
			rest: ' '.repeat(width + 4),
		}),
	);
};

/** More than three are only counted. */
const rowWords = (rows: readonly string[]): string => {
	if (rows.length === 0) {
		return 'must not matter';
	}

	return rows.length > 3 ? `${rows.length} requirements` : rows.join(', ');
};
