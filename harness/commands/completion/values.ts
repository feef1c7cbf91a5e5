import {HarnessBug} from '../../core/errors.ts';
import {type ArgumentRow, type CommandRow, type OptionRow, type OptionTable} from '../option-table.ts';
import {listed} from '../shared-options.ts';

/** Ids of the project, as lists that several places share. */
export const listNames = [
	'requirements',
	'scenarios',
	'mutants',
	'endings',
	'profiles',
	'images',
	'recipes',
	'kernels',
] as const;
export type ListName = (typeof listNames)[number];
export type Lists = Readonly<Record<ListName, readonly string[]>>;

/** What can stand at a place of the command line. */
export type Values = {
	readonly words: readonly string[];
	readonly lists: readonly ListName[];
	readonly paths: 'none' | 'files' | 'directories';
};

/** What an option of a command takes; undefined where it takes nothing. */
export const valuesOfOption = (command: CommandRow, {flags, value, choices}: OptionRow): Values | undefined =>
	value === undefined ? undefined : valuesAt(`${command.name} ${flags.at(-1) ?? ''}`, {placeholder: value, choices});

/** What stands behind a command: its argument, or a command below it. */
export const valuesOfArgument = (command: CommandRow, table: OptionTable): Values => {
	if (command.below.length > 0) {
		return words(command.below);
	}

	if (command.name === 'help') {
		return words(namesOfCommands(table));
	}

	// No command has two different ones.
	const [argument]: ReadonlyArray<ArgumentRow | undefined> = command.arguments;
	return argument === undefined
		? words([])
		: valuesAt(`${command.name} ${argument.name}`, {placeholder: argument.name, choices: argument.choices});
};

/** The commands of the program itself. */
export const namesOfCommands = ({commands}: OptionTable): readonly string[] =>
	commands.map(({name}) => name).filter((name) => !name.includes(' '));

const valuesAt = (
	place: string,
	{placeholder, choices}: {readonly placeholder: string; readonly choices: readonly string[]},
): Values => {
	const found = choices.length > 0 ? words(choices) : (places[place] ?? placeholders[placeholder]);
	if (found === undefined) {
		throw new HarnessBug(`Nobody said what can stand for <${placeholder}> of "${place}" (completion/values.ts)`);
	}

	return found;
};

const words = (choices: readonly string[]): Values => ({words: choices, lists: [], paths: 'none'});
const ids = (...lists: readonly ListName[]): Values => ({words: [], lists, paths: 'none'});
const paths = (kind: Values['paths'], ...lists: readonly ListName[]): Values => ({words: [], lists, paths: kind});
/** A number, or words of the person's own. */
const free = words([]);

/** By the placeholder in the option table. */
const placeholders: Readonly<Record<string, Values | undefined>> = {
	file: paths('files'),
	dir: paths('directories'),
	run: paths('directories'),
	image: paths('files', 'images'),
	glob: ids('requirements', 'scenarios'),
	id: ids('requirements', 'scenarios', 'profiles', 'images', 'kernels', 'endings', 'mutants'),
	what: words(listed),
	words: free,
	n: free,
	'i/n': free,
	a: paths('files'),
	b: paths('files'),
	seconds: free,
	factor: free,
	url: free,
	word: words(['kvm']),
};

/** Where the placeholder does not say it. */
const places: Readonly<Record<string, Values | undefined>> = {
	'test --profile': paths('files', 'profiles'),
	'console --profile': paths('files', 'profiles'),
	'test --user': free,
	'mutants --only': ids('mutants'),
	'matrix --cell': free,
	'matrix --tag': free,
	'images build name': ids('recipes'),
	'images kernels name': ids('kernels'),
};
