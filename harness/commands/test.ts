import {access, constants, stat} from 'node:fs/promises';
import path from 'node:path';
import packageJson from '../../package.json' with {type: 'json'};
import {UsageError, messageOf} from '../core/errors.ts';
import {writeResultFile} from '../report/artifacts.ts';
import {worstExitCode} from '../report/exit-code.ts';
import {type Reporter, terminalReporter} from '../report/terminal.ts';
import {wantsColor} from '../report/wants-color.ts';
import {makeRunPlan} from '../runner/make-run-plan.ts';
import {referenceImage, resolveImage} from '../runner/resolve-image.ts';
import {openRunFolder} from '../runner/run-folder.ts';
import {runImage} from '../runner/run-image.ts';
import type {CommandContext} from './command.ts';
import {credentialsOf} from './credentials.ts';
import {describeDryRun} from './dry-run.ts';
import type {TestOptions} from './test-options.ts';

/** `bootwright test [IMAGE…]`: boots each image and judges every selected requirement; the worst of their exit codes. */
export const run = async (context: CommandContext, options: TestOptions, words: readonly string[]): Promise<number> => {
	const {signal, stderr} = context;
	if (options.json !== undefined && words.length > 1) {
		throw new UsageError('--json names one file, and there are several images', {
			hint: 'Each run leaves its result.json among its artifacts: --artifacts DIR',
		});
	}

	await checkResultPath(options.json);
	const plan = await makeRunPlan({
		...options,
		version: packageJson.version,
		reuse: options.copies ? (options.fresh ? 'fresh' : 'cache') : 'single',
		argv: context.argv,
		env: context.env,
		credentials: await credentialsOf(options, context.env),
		signal,
	});
	// All images are looked at before the first machine starts.
	await using folders = new AsyncDisposableStack();
	const images = [];
	const named = words.length === 0 ? [referenceImage] : words;
	for (const word of named) {
		const folder = folders.use(await openRunFolder());
		const image = await resolveImage(word, {
			folder: folder.path,
			onProgress: (line) => stderr.write(`${line}\n`),
			signal,
		});
		images.push({...image, folder: folder.path});
	}

	if (options.dryRun) {
		context.stdout.write(images.map((image) => describeDryRun(image, plan)).join('\n'));
		return 0;
	}

	const codes: number[] = [];
	for (const image of images) {
		const {exitCode, result} = await runImage(image, plan, {
			folder: image.folder,
			artifactsParent: options.artifacts,
			env: context.env,
			reporters: reportersFor(context, options),
			terminal: context.stdin.isTTY === true && context.env['CI'] === undefined ? context : undefined,
			signal,
		});
		codes.push(exitCode);
		if (options.json !== undefined) {
			await writeResultFile(path.resolve(options.json), result);
		}

		signal.throwIfAborted();
	}

	return worstExitCode(codes);
};

/** What could only be written after the whole run is found out before it. */
const checkResultPath = async (file: string | undefined): Promise<void> => {
	if (file === undefined) {
		return;
	}

	const found = await stat(file).catch(() => undefined);
	if (found?.isDirectory() === true) {
		throw new UsageError(`--json ${file} is a directory`);
	}

	try {
		await access(path.dirname(path.resolve(file)), constants.W_OK);
	} catch (error) {
		throw new UsageError(`--json ${file} cannot be written: ${messageOf(error)}`, {cause: error});
	}
};

const reportersFor = ({stdout, env}: CommandContext, {reporter, verbose}: TestOptions): readonly Reporter[] => {
	switch (reporter) {
		case 'terminal': {
			return [terminalReporter({stream: stdout, color: wantsColor(stdout, env), verbose})];
		}

		case 'events': {
			return [(event) => stdout.write(`${JSON.stringify(event)}\n`)];
		}

		case 'none': {
			return [];
		}
	}
};
