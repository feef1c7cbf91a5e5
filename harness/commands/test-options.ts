import {type Command, InvalidArgumentError, Option} from 'commander';
import {accelerator, collect, count} from './shared-options.ts';

/** Options of `bootwright test`, as its action gets them. */
export type TestOptions = {
	readonly profile: string;
	readonly accel: 'auto' | 'kvm' | 'tcg';
	readonly only: readonly string[];
	readonly skip: readonly string[];
	readonly strict: boolean;
	readonly scenario: readonly string[];
	readonly config?: string;
	readonly kernel?: string;
	readonly initrd?: string;
	readonly append?: string;
	readonly modules?: string;
	readonly repeat?: number;
	readonly watch: boolean;
	readonly bisect: boolean;
	readonly gdb: boolean;
	readonly user?: string;
	readonly passwordFile?: string;
	readonly access: 'auto' | 'shell' | 'credentials' | 'metadata' | 'inject';
	readonly network: 'auto' | 'user';
	/** Seconds for the whole run, unscaled. */
	readonly timeout?: number;
	readonly timeoutScale?: number;
	/** No machine of an earlier run. */
	readonly fresh: boolean;
	/** False: one machine for all scenarios. */
	readonly copies: boolean;
	readonly jobs?: number;
	readonly onFail: 'exit' | 'keep' | 'shell';
	readonly artifacts?: string;
	/** False: this run is not kept in the history. */
	readonly history: boolean;
	readonly json?: string;
	readonly junit?: string;
	readonly tap?: string;
	readonly markdown?: string;
	readonly html?: string;
	readonly codequality?: string;
	readonly paranoid: boolean;
	readonly reporter: 'terminal' | 'events' | 'none';
	readonly verbose: boolean;
	readonly dryRun: boolean;
};

/** Declares the options of `bootwright test`. */
export const addTestOptions = (command: Command): Command => addBehaviour(addReportFiles(addWhatIsJudged(command)));

const addWhatIsJudged = (command: Command): Command =>
	command
		.optionsGroup('Machine:')
		.option('--profile <name>', 'machine profile: a name of "list profiles", or a file', 'gce')
		.addOption(accelerator())
		.addOption(
			new Option('--network <kind>', "auto: the cloud's network where this host allows it; user: QEMU's own")
				.choices(['auto', 'user'])
				.default('auto'),
		)
		.optionsGroup('A kernel of your own:')
		.option(
			'--kernel <file>',
			"a bzImage or ref:NAME, instead of the image's; without an image: by itself, with a ramdisk of ours",
		)
		.option('--initrd <file>', 'its ramdisk')
		.option('--append <words>', "more words for the kernel's command line")
		.option('--modules <dir>', 'its modules, of "make modules_install INSTALL_MOD_PATH=DIR": added to the ramdisk')
		.option('--gdb', 'wait for a debugger before the first instruction', false)
		.optionsGroup('What is judged:')
		.option('--only <glob>', 'only these requirement or scenario ids (repeatable)', collect, [])
		.option('--skip <glob>', 'all but these requirement or scenario ids (repeatable)', collect, [])
		.option('--strict', 'turn warn and skip into fail', false)
		.option('--scenario <file>', 'a scenario of your own (repeatable)', collect, [])
		.option('--config <file>', "the kernel's configuration, for an image that does not carry it")
		.optionsGroup('Way in:')
		.addOption(
			new Option('--access <way>', 'how to get a root shell')
				.choices(['auto', 'shell', 'credentials', 'metadata', 'inject'])
				.default('auto'),
		)
		.option('--user <name>', 'user that may log in on the console')
		.option('--password-file <file>', 'its password, first line of a file (or BOOTWRIGHT_PASSWORD)')
		.optionsGroup('Again and again:')
		.option('--repeat <n>', 'run so often, and tell how often the guest failed, and which rows were bad', count)
		.option(
			'--watch',
			'run again whenever the kernel, a module, the image, the profile or a scenario changes; tell what became of the rows',
			false,
		)
		.option('--bisect', 'exit codes for "git bisect run": 0 good, 1 bad, 125 cannot be told', false)
		.optionsGroup('Limits:')
		.option('--timeout <seconds>', 'deadline of the whole run, before scaling', positive)
		.option('--timeout-scale <factor>', 'multiply every deadline (default: by accelerator)', positive)
		.optionsGroup('Output:')
		.option('--artifacts <dir>', 'directory that gets one directory a run, and the link "latest"')
		.option('--no-history', 'leave this run out of the history ("bootwright history")');

const addBehaviour = (command: Command): Command =>
	command
		.addOption(
			new Option('--reporter <name>', 'what goes to standard output; events: one JSON object a line')
				.choices(['terminal', 'events', 'none'])
				.default('terminal'),
		)
		.option('-v, --verbose', 'show every row with its evidence', false)
		.optionsGroup('Behaviour:')
		.option('--fresh', 'boot, also where a machine of an earlier run would do', false)
		.option('--no-copies', 'run all scenarios on the booted machine itself, one after the other')
		.option('--jobs <n>', 'copies of the booted machine at once (default: by processors and free memory)', count)
		.addOption(
			new Option('--on-fail <what>', 'after a failure: exit, keep the overlay, or open a shell in the guest')
				.choices(['exit', 'keep', 'shell'])
				.default('exit'),
		)
		.option('--paranoid', 'hash the image again after the run', false)
		.option('--dry-run', 'print the machine and the QEMU command, start nothing', false);

/** Files with reports of all runs of a command. */
export const addReportFiles = (command: Command): Command =>
	command
		.option('--json <file>', 'write the result file here too; one run')
		.option('--junit <file>', 'write a JUnit report')
		.option('--tap <file>', 'write a TAP 14 report')
		.option('--markdown <file>', 'write a summary in Markdown')
		.option('--html <file>', 'write a page with everything, the consoles too')
		.option('--codequality <file>', 'write what is wrong as a Code Quality report of GitLab');

/** The same for a matrix. */
export const addMatrixReports = (command: Command): Command =>
	command
		.option('--json <file>', 'write the cells, and what they came to, as JSON')
		.option('--junit <file>', 'write a JUnit report: a suite a cell')
		.option('--tap <file>', 'write a TAP 14 report')
		.option('--markdown <file>', 'write the grid, and what is wrong, in Markdown')
		.option('--html <file>', 'write the grid as a page that leads to those of the cells')
		.option('--codequality <file>', 'write what is wrong as a Code Quality report of GitLab');

const positive = (text: string): number => {
	const value = Number(text);
	if (!(value > 0 && Number.isFinite(value))) {
		throw new InvalidArgumentError('It must be a number above 0.');
	}

	return value;
};
