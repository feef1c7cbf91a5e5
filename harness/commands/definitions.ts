import {Argument, Command, InvalidArgumentError, Option} from 'commander';
import {exitMeanings} from '../core/exit-codes.ts';
import type {CommandModule} from './command.ts';
import {optionTable} from './option-table.ts';
import {type Shard, parseShard} from '../matrix/shard.ts';
import {accelerator, collect, count, listed, shells} from './shared-options.ts';
import {addMatrixReports, addReportFiles, addTestOptions} from './test-options.ts';

/** Runs the command that `load` brings, with the options and arguments that commander parsed. */
export type Invoke = (load: () => Promise<CommandModule>, options: unknown, args: readonly unknown[]) => Promise<void>;

/** The whole command line. Nothing heavy is loaded here: the answer to `--help` must be immediate. */
export const createProgram = (version: string, invoke: Invoke): Command => {
	const program = new Command('bootwright')
		.description('Proves that an operating system image will run in the cloud, before it gets there.')
		.version(version, '--version', 'print the version')
		.helpOption('-h, --help', 'print this help')
		.helpCommand('help [command]', 'print the help of a command')
		.showHelpAfterError(false)
		.addHelpText('after', `\n${exitCodes}`);
	/** Commander calls an action with the arguments, the options, and the command itself. */
	const lazily =
		(load: () => Promise<CommandModule>) =>
		async (...given: unknown[]): Promise<void> =>
			invoke(load, given.at(-2), given.slice(0, -2));

	addTestOptions(
		program
			.command('test')
			.description('boot images on the machine of a profile and judge every requirement')
			.argument('[image...]', 'a path, or ref:NAME of "list images" (default: the reference image)'),
	).action(lazily(() => import('./test.ts')));
	program
		.command('list')
		.description(`show what there is: ${listed.join(', ')}`)
		.argument('[what]', 'one of them (default: all)')
		.option('--json', 'as JSON')
		.action(lazily(() => import('./list.ts')));
	program
		.command('explain')
		.description('what a requirement asks for, why, and how to mend an image that fails it; what any other id means')
		.argument(
			'<id>',
			'as in "list", a test kernel, a verdict, the kind of a failure or console problem, an error or exit code',
		)
		.option('--json', 'as JSON')
		.action(lazily(() => import('./explain.ts')));
	program
		.command('check-config')
		.description('the kernel option rows alone, offline, from a .config or config.gz')
		.argument('<file>', 'the kernel configuration')
		.option('--json', 'as JSON')
		.option('--strict', 'turn warn and skip into fail')
		.action(lazily(() => import('./check-config.ts')));
	program
		.command('pack')
		.description("write an image's archive for the import, and prove that it unpacks to the same bytes")
		.argument('<image>', 'a path, or ref:NAME')
		.option('-o, --output <file>', 'where to (default: NAME.tar.gz here)')
		.option('--pad', 'add zeros up to a whole number of GiB, which is what the import takes', false)
		.addOption(new Option('--level <n>', 'of gzip, 1 to 9').argParser(compressionLevel).default(6))
		.option('--force', 'write over a file that is there', false)
		.action(lazily(() => import('./pack.ts')));
	addReportFiles(
		program
			.command('report')
			.description("render a run's reports again, from the events among its artifacts")
			.argument('<run...>', 'directories of runs, as --artifacts DIR has them'),
	)
		.option('-v, --verbose', 'show every row with its evidence', false)
		.action(lazily(() => import('./report.ts')));
	addMatrixReports(
		program
			.command('matrix')
			.description(
				'run the cells of a matrix: images × profiles × accelerators × sets of rows; go on with one that was ended',
			)
			.argument('<file>', 'a YAML file, such as nightly.yaml')
			.option('--shard <i/n>', 'only the ith of n parts', shardOf)
			.option('--cell <glob>', 'only these cells (repeatable)', collect, [])
			.option('--tag <word>', 'only cells of images with this tag (repeatable)', collect, [])
			.option('--jobs <n>', 'cells at once (default: by processors and free memory)', count)
			.option('--artifacts <dir>', 'directory of the cells and reports; what is finished in it is not run again')
			.option('--durations <dir>', 'of an earlier matrix: shards are cut, and cells ordered, by what they took there')
			.option('--no-history', 'leave the runs out of the history, and tell nothing of what changed')
			.option('--queue <url>', 'have them run by workers (docs/queue.md)')
			.addOption(queueWait())
			.option('--list', 'show the cells, and run none', false),
	).action(lazily(() => import('./matrix.ts')));
	program
		.command('worker')
		.description('run cells that "matrix --queue" has put into a queue, until a signal comes')
		.requiredOption('--queue <url>', 'redis://HOST:PORT of its server; rediss:// by TLS')
		.option(
			'--label <word>',
			'what this machine has, for cells that need it; kvm is found out (repeatable)',
			collect,
			[],
		)
		.option('--jobs <n>', 'cells at once (default: by processors and free memory)', count)
		.option('--artifacts <dir>', 'directory of its results; each worker has its own')
		.option('--no-history', 'leave the runs out of the history, and tell nothing of what changed')
		.addOption(queueWait())
		.addOption(
			new Option('--lost-after <seconds>', 'without a sign of life for so long, its cells are given to others')
				.argParser(count)
				.default(30),
		)
		.action(lazily(() => import('./worker.ts')));
	const queue = program.command('queue').description('the queue of "matrix --queue"');
	queue
		.command('status')
		.description('what waits and what is run, the workers with their labels, how far each matrix is')
		.requiredOption('--queue <url>', 'redis://HOST:PORT of its server; rediss:// by TLS')
		.option('--json', 'as JSON')
		.action(lazily(() => import('./queue-status.ts')));
	addMatrixReports(
		program
			.command('merge')
			.description('put the shards of a matrix together; a cell that nobody has run is an error')
			.argument('<dir...>', 'directories that "matrix --artifacts DIR" filled')
			.option('--artifacts <dir>', 'gather the cells here, with the reports'),
	).action(lazily(() => import('./merge.ts')));
	program
		.command('compare')
		.description('what changed from one run to another: rows, and what took longer or shorter beyond noise')
		.argument('<a>', "a run's directory or result.json; latest, latest~1, and so on")
		.argument('<b>', 'a later one')
		.option('--json', 'as JSON')
		.action(lazily(() => import('./compare.ts')));
	program
		.command('history')
		.description('the last runs, how long they took to boot, and the rows that are flaky')
		.argument('[image]', 'as it was named to "test" (default: all)')
		.option('--json', 'as JSON')
		.action(lazily(() => import('./history.ts')));
	program
		.command('console')
		.description('boot an image and hand over its serial console')
		.argument('[image]', 'a path, or ref:NAME (default: the reference image)')
		.option('--profile <name>', 'machine profile: a name, or a file', 'gce')
		.addOption(accelerator())
		.action(lazily(() => import('./console.ts')));
	program
		.command('mutants')
		.description('boot machines and images that are wrong in one known way; exactly the right rows must fail')
		.option('--only <glob>', 'only these mutants (repeatable)', collect, [])
		.addOption(accelerator())
		.option('--jobs <n>', 'how many at once (default: 2, or 1 on one processor)', count)
		.option('--no-copies', 'boot every one, also where a copy of a booted machine would do')
		.option('--artifacts <dir>', 'keep the artifacts of each run here')
		.option('--json', 'as JSON')
		.action(lazily(() => import('./mutants.ts')));
	const images = program.command('images').description('the reference images');
	images
		.command('build')
		.description('build reference images that are not in the cache yet')
		.argument('[name...]', 'as in "list images" (default: all)')
		.action(lazily(() => import('./images.ts')));
	images
		.command('kernels')
		.description('build test kernels that are not in the cache yet')
		.argument('[name...]', 'of images/kernels/variants.yaml (default: all)')
		.action(lazily(() => import('./kernels.ts')));
	program
		.command('cache')
		.description('what lies in the cache: booted machines, built images, the compiled program')
		.option(
			'--prune',
			'bring booted machines below their limit, the ones used longest ago first; take away builds that have a newer one, and what killed runs left',
		)
		.option('--all', 'with --prune: all booted machines, and the digests of images')
		.option('--json', 'as JSON')
		.action(lazily(() => import('./cache.ts')));
	program
		.command('doctor')
		.description('what this host can do, and the exact command that mends each lack')
		.option('--json', 'as JSON')
		.action(lazily(() => import('./doctor.ts')));
	program
		.command('completion')
		.description('print the script by which a shell completes commands, options and ids')
		.addArgument(new Argument('<shell>').choices(shells))
		.action(async (shell: unknown, options: unknown) =>
			invoke(() => import('./completion.ts'), options, [shell, optionTable(program)]),
		);
	program
		.command('man')
		.description('print the manual page: bootwright man | man -l -')
		.action(async (options: unknown) => invoke(() => import('./man.ts'), options, [optionTable(program)]));
	program
		.command('start-machine', {hidden: true})
		.requiredOption('--profile <name>')
		.requiredOption('--qemu <path>')
		.requiredOption('--directory <path>')
		.argument('<argument...>')
		.action(lazily(() => import('./start-machine.ts')));
	return program;
};

const queueWait = (): Option =>
	new Option('--queue-wait <seconds>', 'how long a server that went away is waited for').argParser(count).default(300);

const shardOf = (text: string): Shard => {
	const shard = parseShard(text);
	if (shard === undefined) {
		throw new InvalidArgumentError('It must be i/n, with i from 1 to n.');
	}

	return shard;
};

const compressionLevel = (text: string): number => {
	if (!/^[1-9]$/.test(text)) {
		throw new InvalidArgumentError('It must be a digit from 1 to 9.');
	}

	return Number(text);
};

const exitWidth = Math.max(...exitMeanings.map(({codes}) => codes.join(', ').length));

const exitCodes = `Exit codes:
${exitMeanings.map(({codes, title}) => `  ${codes.join(', ').padEnd(exitWidth)}  ${title}`).join('\n')}
  docs/exit-codes.md says more`;
