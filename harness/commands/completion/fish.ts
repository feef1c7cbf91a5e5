import {type CommandRow, type OptionRow, type OptionTable} from '../option-table.ts';
import {type Lists, type Values, listNames, valuesOfArgument, valuesOfOption} from './values.ts';

/** The script for fish. */
export const fishCompletion = (table: OptionTable, lists: Lists): string =>
	`# fish completion for bootwright ${table.version}, written by "bootwright completion fish"
${listNames.map((name) => `set -g __bootwright_${name} ${lists[name].join(' ')}`).join('\n')}
# Whether the words so far name this command. No option before it takes a value.
function __bootwright_at
	set -l words (commandline -opc)
	set -e words[1]
	set -l plain (string match -v -- '-*' $words)
	set -l command "$plain[1]"
	if contains -- "$plain[1..2]" ${table.commands
		.filter(({name}) => name.includes(' '))
		.map(({name}) => quote(name))
		.join(' ')}
		set command "$plain[1..2]"
	end
	test "$command" = "$argv"
end
complete -c bootwright -f
${[
	...table.options.map((option) => complete('', optionWords(option, undefined))),
	...table.commands.map(({name, description}) =>
		complete(parentOf(name), ['-a', quote(name.split(' ').at(-1) ?? ''), '-d', quote(description)]),
	),
	...table.commands.flatMap((command) => linesOf(command, table)),
].join('\n')}
`;

const quote = (text: string): string => `'${text.replaceAll(/['\\]/gv, String.raw`\$&`)}'`;

const complete = (command: string, words: readonly string[]): string =>
	`complete -c bootwright -n ${quote(`__bootwright_at ${command}`.trimEnd())} ${words.join(' ')}`;

const parentOf = (name: string): string => name.split(' ').slice(0, -1).join(' ');

const linesOf = (command: CommandRow, table: OptionTable): readonly string[] => {
	const argument = valueWords(valuesOfArgument(command, table));
	return [
		...command.options.map((option) => complete(command.name, optionWords(option, valuesOfOption(command, option)))),
		...(command.below.length > 0 || argument.length === 0 ? [] : [complete(command.name, argument)]),
	];
};

const optionWords = ({flags, description}: OptionRow, values: Values | undefined): readonly string[] => [
	...flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)),
	...(values === undefined ? [] : [values.paths === 'files' ? '-r' : '-x', ...valueWords(values)]),
	'-d',
	quote(description),
];

const valueWords = ({words, lists, paths}: Values): readonly string[] => {
	const offered = [
		...words,
		...lists.map((name) => `$__bootwright_${name}`),
		...(paths === 'directories' ? ['(__fish_complete_directories (commandline -ct))'] : []),
	];
	return [...(paths === 'files' ? ['-F'] : []), ...(offered.length === 0 ? [] : ['-a', quote(offered.join(' '))])];
};
