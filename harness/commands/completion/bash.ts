import {type CommandRow, type OptionTable} from '../option-table.ts';
import {type Lists, type Values, listNames, namesOfCommands, valuesOfArgument, valuesOfOption} from './values.ts';

/** The script for bash, from version 4.2 on. It needs no package beside it. */
export const bashCompletion = (table: OptionTable, lists: Lists): string =>
	`# bash completion for bootwright ${table.version}, written by "bootwright completion bash"
_bootwright() {
${listNames.map((name) => `	local ${name}='${lists[name].join(' ')}'`).join('\n')}
	local line=\${COMP_LINE:0:COMP_POINT} word command='' offered='' paths=none
	local -a words
	# By blanks alone: COMP_WORDS is broken at colons too.
	read -ra words <<<"$line"
	[[ $line == *[[:blank:]] ]] && words+=('')
	local whole=\${words[-1]} current=\${words[-1]} option=\${words[-2]}
	if [[ $current == --*=* ]]; then
		option=\${current%%=*}
		current=\${current#*=}
	fi
	for word in "\${words[@]:1:\${#words[@]}-2}"; do
		case "$command $word" in
			${pattern(table.commands.map(({name}) => (name.includes(' ') ? name : ` ${name}`)))})
				command="\${command:+$command }$word" ;;
		esac
	done
	case "$command $option" in
${optionCases(table)}
		*)
			case "$command,$current" in
${flagCases(table)}
				,*) offered='${namesOfCommands(table).join(' ')}' ;;
${argumentCases(table)}
			esac ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$offered" -- "$current")
	case $paths in
		files)
			# Where nothing else fits, readline itself completes names of files, and quotes them.
			if ((\${#COMPREPLY[@]} > 0)); then
				mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$current")
			fi ;;
		directories) compopt +o default -o dirnames 2>/dev/null ;;
		none) compopt +o default 2>/dev/null ;;
	esac
	# Readline replaces only what follows the last of its word breaks.
	local breaks=\${COMP_WORDBREAKS//[^:=]/}
	if [[ -n $breaks && $whole == *["$breaks"]* ]]; then
		COMPREPLY=("\${COMPREPLY[@]#"\${current%"\${whole##*["$breaks"]}"}"}")
	fi
}
complete -o default -F _bootwright bootwright
`;

const pattern = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' | ');

/** Options that take a value, those with the same values together. */
const optionCases = ({commands}: OptionTable): string => {
	const places = commands.flatMap((command) =>
		command.options.flatMap((option) => {
			const values = valuesOfOption(command, option);
			return values === undefined
				? []
				: option.flags.map((flag) => ({place: `${command.name} ${flag}`, action: actionOf(values)}));
		}),
	);
	return Map.groupBy(places, ({action}) => action)
		.entries()
		.map(([action, same]) => `\t\t${pattern(same.map(({place}) => place))})\n\t\t\t${action} ;;`)
		.toArray()
		.join('\n');
};

const flagCases = ({commands, options}: OptionTable): string =>
	[{name: '', options}, ...commands]
		.map(({name, options: own}) => `\t\t\t\t'${name}',-*) offered='${own.flatMap(({flags}) => flags).join(' ')}' ;;`)
		.join('\n');

const argumentCases = (table: OptionTable): string =>
	table.commands
		.map((command: CommandRow) => `\t\t\t\t'${command.name}',*) ${actionOf(valuesOfArgument(command, table))} ;;`)
		.join('\n');

/** `:` where there is nothing to offer. */
const actionOf = ({words, lists, paths}: Values): string => {
	const offered = [...words, ...lists.map((name) => `$${name}`)].join(' ');
	const parts = [...(offered === '' ? [] : [`offered="${offered}"`]), ...(paths === 'none' ? [] : [`paths=${paths}`])];
	return parts.length === 0 ? ':' : parts.join(' ');
};
