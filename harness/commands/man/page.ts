import {exitMeanings, exitPrecedence} from '../../core/exit-codes.ts';
import {type ArgumentRow, type CommandRow, type OptionRow, type OptionTable} from '../option-table.ts';
import {bold, escapeRoff, example, italic, section, subsection, tagged} from './roff.ts';
import {environment, examples, files} from './surroundings.ts';

/** The manual page, for man(7). The same table gives the same bytes: it has no date. */
export const manualPage = (table: OptionTable): string =>
	[
		String.raw`.\" Written by "bootwright man".`,
		`.TH BOOTWRIGHT 1 "" "Bootwright ${escapeRoff(table.version)}" "User Commands"`,
		section('NAME'),
		String.raw`bootwright \- boot an operating system image on the machine of a cloud and judge it`,
		section('SYNOPSIS'),
		...table.commands.flatMap((command, index) => [...(index === 0 ? [] : ['.br']), synopsis(command)]),
		section('DESCRIPTION'),
		escapeRoff(table.description),
		'.PP',
		escapeRoff(
			'The image boots on a machine that its guest cannot tell from a Compute Engine instance. Each requirement gets a verdict (pass, warn, fail, skip, error) with the evidence of both sides, guest and host. The image is opened read-only and never written. An image is a raw disk, an import archive, or ref:NAME for a reference image.',
		),
		section('COMMANDS'),
		...table.commands.map((command) => tagged(synopsis(command), withArguments(command))),
		section('OPTIONS'),
		...table.options.map((option) => optionEntry(option)),
		...table.commands.flatMap((command) => optionsOf(command)),
		section('EXIT STATUS'),
		...exitMeanings.map(({codes, means}) => tagged(bold(codes.join(', ')), sentence(means))),
		'.PP',
		escapeRoff(
			`${exitPrecedence} bootwright explain CODE says what to do. With --bisect: 0 good, 1 bad, 125 cannot be told.`,
		),
		section('ENVIRONMENT'),
		...Object.entries(environment).map(([name, what]) => tagged(bold(name), what)),
		section('FILES'),
		...files.map(([path, what]) => tagged(italic(path), what)),
		section('EXAMPLES'),
		...examples.flatMap(([what, command]) => ['.PP', escapeRoff(what), example(command)]),
		section('SEE ALSO'),
		String.raw`.BR qemu\-system\-x86_64 (1)`,
		'',
	].join('\n');

const synopsis = ({name, arguments: places, options, below}: CommandRow): string =>
	[
		bold(`bootwright ${name}`),
		...(options.some(({flags}) => !flags.includes('--help')) ? [`[${italic('option')}]...`] : []),
		...(below.length > 0 ? [italic('command')] : places.map(placeOf)),
	].join(' ');

const placeOf = ({name, required, variadic, choices}: ArgumentRow): string => {
	const word = choices.length > 0 ? choices.map(bold).join('|') : italic(name);
	const many = variadic ? `${word}...` : word;
	return required ? many : `[${many}]`;
};

/** The command's description as a sentence, then one for each of its arguments. */
const withArguments = ({description, arguments: places}: CommandRow): string =>
	[
		sentence(description),
		...places
			.filter((place) => place.description !== '')
			.map((place) => sentence(`${place.name}: ${place.description}`)),
	].join(' ');

/** A word of the command line that the text begins with stays as it is typed. */
const sentence = (text: string): string => {
	const first = /^\w+:/v.test(text) ? text.charAt(0) : text.charAt(0).toUpperCase();
	return `${first}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
};

/** Options of a command under its name; what every command has is told once. */
const optionsOf = ({name, options}: CommandRow): readonly string[] => {
	const own = options.filter(({flags}) => !flags.includes('--help'));
	return own.length === 0 ? [] : [subsection(`bootwright ${name}`), ...own.map((option) => optionEntry(option))];
};

const optionEntry = ({flags, value, choices, preset, description}: OptionRow): string => {
	const words = choices.length > 0 ? choices.map(bold).join('|') : value === undefined ? '' : italic(value);
	const tag = `${flags.map(bold).join(', ')}${words === '' ? '' : ` ${words}`}`;
	return tagged(tag, `${sentence(description)}${preset === undefined ? '' : ` Default: ${preset}.`}`);
};
