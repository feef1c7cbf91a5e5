import {type CommandRow, type OptionRow, type OptionTable} from '../option-table.ts';
import {type Lists, type Values, listNames, valuesOfArgument, valuesOfOption} from './values.ts';

/** The script for zsh: a file \`_bootwright\` in a directory of \$fpath. */
export const zshCompletion = (table: OptionTable, lists: Lists): string => {
	const parents = table.commands.filter(({below}) => below.length > 0).map(({name}) => name);
	return `#compdef bootwright
# zsh completion for bootwright ${table.version}, written by "bootwright completion zsh"
${listNames.map((name) => listFunction(name, lists[name])).join('\n')}
_bootwright() {
	local curcontext=$curcontext state command ret=1
	local -a line
	typeset -A opt_args
	_arguments -C ${table.options.map((option) => optionSpec(option, undefined)).join(' ')} '1:command:->command' '*::argument:->argument' && ret=0
	case $state in
		command)
			${describe(table.commands.filter(({name}) => !name.includes(' ')))} ;;
		argument)
			command=$words[1]
			if [[ $command == (${parents.join('|')}) ]] && ((CURRENT > 2)); then
				shift words
				((CURRENT--))
				command+=" $words[1]"
			fi
			case $command in
${table.commands.map((command) => `\t\t\t\t${quote(command.name)})\n\t\t\t\t\t${argumentsOf(command, table)} ;;`).join('\n')}
			esac ;;
	esac
	return ret
}
if [[ $funcstack[1] == _bootwright ]]; then
	_bootwright "$@"
else
	compdef _bootwright bootwright
fi
`;
};

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const listFunction = (name: string, ids: readonly string[]): string => `_bootwright_${name}() {
	local -a ids=(${ids.join(' ')})
	compadd "$@" -a ids
}`;

const describe = (commands: readonly CommandRow[]): string => {
	const entries = commands.map(({name, description}) => quote(`${name.split(' ').at(-1) ?? ''}:${description}`));
	return `local -a commands=(${entries.join(' ')})
			_describe -t commands command commands && ret=0`;
};

const argumentsOf = (command: CommandRow, table: OptionTable): string => {
	if (command.below.length > 0) {
		return describe(table.commands.filter(({name}) => name.startsWith(`${command.name} `)));
	}

	const [argument] = command.arguments;
	const specs = [
		...command.options.map((option) => optionSpec(option, valuesOfOption(command, option))),
		...(argument === undefined
			? []
			: [quote(`${argument.variadic ? '*' : '1'}:${argument.name}:${actionOf(valuesOfArgument(command, table))}`)]),
	];
	return `_arguments -s ${specs.join(' ')} && ret=0`;
};

/** Of every option that may come twice we know that it takes a glob or a file; to offer it again does no harm. */
const optionSpec = ({flags, value, description}: OptionRow, values: Values | undefined): string => {
	const text = `[${description.replaceAll(/[\[\]\\]/gv, String.raw`\$&`)}]`;
	const tail = value === undefined || values === undefined ? text : `${text}:${value}:${actionOf(values)}`;
	const names = flags.map((flag) => (values === undefined ? flag : `${flag}${flag.startsWith('--') ? '=' : '+'}`));
	return names.length === 1
		? quote(`*${names.join('')}${tail}`)
		: `${quote(`(${flags.join(' ')})`)}{${names.join(',')}}${quote(tail)}`;
};

const actionOf = ({words, lists, paths}: Values): string => {
	if (words.length > 0) {
		return `(${words.join(' ')})`;
	}

	const sources = [
		...lists.map((name) => ({name, from: `_bootwright_${name}`})),
		...(paths === 'none' ? [] : [{name: paths, from: paths === 'files' ? '_files' : '_files -/'}]),
	];
	const [first = ' ', ...others] = sources.map(({from}) => from);
	// The blank in front keeps _arguments from adding options of compadd, which _alternative does not know.
	return others.length === 0
		? first
		: ` _alternative ${sources.map(({name, from}) => String.raw`${name}\:${name}\:${from}`).join(' ')}`;
};
