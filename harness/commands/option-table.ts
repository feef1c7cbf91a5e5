import {type Argument, type Command, type Option} from 'commander';

/** The command line as data, as far as people are meant to see it: completion scripts and the manual page are made from it. */
export type OptionTable = {
	readonly version: string;
	readonly description: string;
	/** Those of the program itself. */
	readonly options: readonly OptionRow[];
	/** A command below another one comes right after it: `images`, `images build`. */
	readonly commands: readonly CommandRow[];
};

export type CommandRow = {
	/** With the name of the command that it is below: `images build`. */
	readonly name: string;
	readonly description: string;
	readonly arguments: readonly ArgumentRow[];
	readonly options: readonly OptionRow[];
	/** Names of the commands below it. */
	readonly below: readonly string[];
};

export type OptionRow = {
	/** The short one first: `-v`, `--verbose`. */
	readonly flags: readonly [string, ...string[]];
	/** Placeholder of its value; undefined where it takes none. */
	readonly value: string | undefined;
	readonly choices: readonly string[];
	readonly preset: string | undefined;
	readonly description: string;
};

export type ArgumentRow = {
	readonly name: string;
	readonly required: boolean;
	readonly variadic: boolean;
	readonly choices: readonly string[];
	readonly description: string;
};

/** The table of a program, without what is hidden. */
export const optionTable = (program: Command): OptionTable => ({
	version: program.version() ?? '',
	description: program.description(),
	options: optionsOf(program),
	commands: commandsOf(program, ''),
});

const commandsOf = (parent: Command, prefix: string): readonly CommandRow[] =>
	parent
		.createHelp()
		.visibleCommands(parent)
		// The help of a command's own commands is that of the command.
		.filter((command) => prefix === '' || command.name() !== 'help')
		.flatMap((command) => {
			const below = commandsOf(command, `${prefix}${command.name()} `);
			return [
				{
					name: `${prefix}${command.name()}`,
					description: command.description(),
					arguments: command.registeredArguments.map(argumentRow),
					options: optionsOf(command),
					below: below.map(({name}) => name.slice(prefix.length + command.name().length + 1)),
				},
				...below,
			];
		});

const optionsOf = (command: Command): readonly OptionRow[] =>
	command.createHelp().visibleOptions(command).map(optionRow);

const optionRow = (option: Option): OptionRow => {
	const {long, short, flags, argChoices, description} = option;
	const preset: unknown = option.defaultValue;
	const [first = flags, ...others] = [short, long].filter((flag) => flag !== undefined);
	return {
		flags: [first, ...others],
		value: /[<\[](?<name>[^>.\]]+)/v.exec(flags)?.groups?.['name'],
		choices: argChoices ?? [],
		preset: typeof preset === 'string' || typeof preset === 'number' ? String(preset) : undefined,
		description,
	};
};

const argumentRow = (argument: Argument): ArgumentRow => ({
	name: argument.name(),
	required: argument.required,
	variadic: argument.variadic,
	choices: argument.argChoices ?? [],
	description: argument.description,
});
