import path from 'node:path';
import {setImmediate as nextTurn} from 'node:timers/promises';
import {CommanderError} from 'commander';
import packageJson from '../package.json' with {type: 'json'};
import type {CommandContext} from './commands/command.ts';
import {createProgram} from './commands/definitions.ts';
import {monotonicMs, startTimer} from './core/clock.ts';
import {HarnessBug, HostError, InterruptedError, UsageError, exitCodeOf, messageOf} from './core/errors.ts';
import {bisectCode} from './runner/loop/bisect-code.ts';
import {explainError} from './commands/explain-error.ts';

/**
 * The program: parses the command line, runs one command, maps what it throws to a message and an exit code.
 * The only module that touches `process` for output, signals and the exit code.
 */
const main = async (): Promise<number> => {
	goWhereThePersonIs();
	const interruption = listenForSignals();
	const context: CommandContext = {
		stdin: process.stdin,
		stdout: process.stdout,
		stderr: process.stderr,
		env: process.env,
		signal: interruption,
		argv: process.argv.slice(2),
	};
	let exitCode = 0;
	try {
		const program = createProgram(packageJson.version, async (load, options, args) => {
			const {run} = await load();
			exitCode = await run(context, options, ...args);
		});
		for (const command of [program, ...program.commands, ...program.commands.flatMap(({commands}) => commands)]) {
			command.exitOverride().configureOutput({writeErr: () => undefined, outputError: () => undefined});
		}

		if (context.argv.length === 0) {
			process.stderr.write(program.helpInformation());
			return exitCodeOf(new UsageError(''));
		}

		await program.parseAsync(process.argv).catch(afterHelp);
		await written(process.stdout);
		interruption.throwIfAborted();
		return exitCode;
	} catch (error) {
		process.stderr.write(explainError(error));
		const code = exitCodeOf(error);
		// Also where the command line itself is wrong: "git bisect run" takes 2 for a bad commit.
		return context.argv.includes('--bisect') ? bisectCode(code) : code;
	}
};

/** Resolves when the stream has taken all of it, or has said that it cannot (listenForSignals hears of it). */
const written = async (stream: NodeJS.WriteStream): Promise<void> => {
	await new Promise<void>((resolve) => {
		stream.write('', () => resolve());
	});
	// A stream that broke tells its writers first, everybody else a turn later.
	await nextTurn();
};

/** npm runs a script in the package's directory; relative paths are meant from where the person stood (`npm run boot-test ../image.raw`). */
const goWhereThePersonIs = (): void => {
	const {npm_lifecycle_event: script, INIT_CWD: directory} = process.env;
	const root = path.resolve(import.meta.dirname, '..');
	if ((script === 'boot-test' || script === 'bootwright') && directory !== undefined && process.cwd() === root) {
		process.chdir(directory);
	}
};

/** A terminal's Ctrl-C reaches both this process and the older Node that may have started it, which passes it on once more. */
const sameKeypressMs = 200;

/** Turns the first signal into an abort with its InterruptedError as reason; later ones only say that teardown is under way. */
const listenForSignals = (): AbortSignal => {
	const controller = new AbortController();
	let firstAt = 0;
	let heard = true;
	const interrupt = (reason: unknown): void => {
		if (!controller.signal.aborted) {
			firstAt = monotonicMs();
			controller.abort(reason);
		} else if (heard && monotonicMs() - firstAt > sameKeypressMs) {
			process.stderr.write('bootwright: cleaning up\n');
		}
	};

	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(name, () => interrupt(new InterruptedError(name)));
	}

	// Started by an older Node (bootwright.js): its death closes the channel.
	process.on('disconnect', () => interrupt(new InterruptedError('SIGHUP')));
	const {channel} = process;
	channel?.unref();
	process.on('uncaughtException', (error) => interrupt(new HarnessBug('Nobody handled an error', {cause: error})));
	for (const stream of [process.stdout, process.stderr]) {
		stream.on('error', (error: NodeJS.ErrnoException) => {
			// What is said of an output that broke would break on it again, and so on for ever.
			heard &&= stream !== process.stderr;
			if (error.code === 'EIO' && stream.isTTY) {
				// A terminal that was closed; the signal may be on its way.
				interrupt(new InterruptedError('SIGHUP'));
			} else if (error.code !== 'EPIPE') {
				// `| head` has seen enough; the run goes on to its exit code.
				interrupt(new HostError(`Cannot write output: ${messageOf(error)}`, {cause: error}));
			}
		});
	}

	return controller.signal;
};

/** Commander ends by an error too where it only printed what was asked for (`--help`, `--version`). @throws what is one, as ours */
const afterHelp = (error: unknown): void => {
	if (!(error instanceof CommanderError)) {
		throw error;
	}

	if (error.exitCode !== 0) {
		throw fromCommander(error);
	}
};

const fromCommander = (error: CommanderError): UsageError => {
	if (error.code === 'commander.help') {
		return new UsageError('A command is missing or unknown', {hint: 'See "bootwright --help".'});
	}

	const [message, suggestion] = error.message.replace(/^error: /, '').split('\n');
	return new UsageError(message ?? error.message, {
		hint: suggestion?.replaceAll(/^\(|\)$/g, '') ?? 'See "bootwright --help".',
	});
};

process.exitCode = await main();
startTimer(3000, () => {
	process.stderr.write(`bootwright: bug: still busy after the end: ${process.getActiveResourcesInfo().join(', ')}\n`);
	process.exit();
});
