import packageJson from '../../package.json' with {type: 'json'};
import {type RunResult} from '../report/result-schema.ts';
import {type RunEvent} from '../core/events.ts';
import {remember} from '../history/remember.ts';
import {usualBoot} from '../history/usual-boot.ts';
import {consoleTail} from './console-tail.ts';
import {worstExitCode} from '../report/exit-code.ts';
import {checkReportFiles} from '../report/files/check-report-files.ts';
import {writeReportFiles} from '../report/files/report-files.ts';
import {gitlabReporter} from '../report/gitlab-sections.ts';
import {type Reporter, terminalReporter} from '../report/terminal.ts';
import {foldRun} from '../report/run-state.ts';
import {wantsColor} from '../report/wants-color.ts';
import {kernelAlone, kernelOnImage, notOfAKernel} from '../runner/kernel-under-test.ts';
import {makeRunPlan} from '../runner/make-run-plan.ts';
import {type ResolvedImage, referenceImage, resolveImage} from '../runner/resolve-image.ts';
import {openRunFolder} from '../runner/run-folder.ts';
import {runImage} from '../runner/run-image.ts';
import {type RunPlan} from '../runner/run-plan.ts';
import type {CommandContext} from './command.ts';
import {credentialsOf} from './credentials.ts';
import {openGithubStep} from './in-github.ts';
import {describeDryRun} from './dry-run.ts';
import type {TestOptions} from './test-options.ts';

/** What one round of runs came to. */
export type Outcome = {readonly exitCode: number; readonly results: readonly RunResult[]};

/** Judges every image that the command line names, once. @throws UsageError, HostError before anything is started */
export const runAll = async (
	context: CommandContext,
	options: TestOptions,
	words: readonly string[],
): Promise<Outcome> => {
	const {signal} = context;
	const alone = options.kernel !== undefined && words.length === 0;
	const plan = await makeRunPlan({
		...options,
		skip: alone && options.only.length === 0 ? [...options.skip, ...notOfAKernel] : options.skip,
		version: packageJson.version,
		reuse: options.copies ? (options.fresh ? 'fresh' : 'cache') : 'single',
		argv: context.argv,
		env: context.env,
		credentials: await credentialsOf(options, context.env),
		signal,
	});
	// All images are looked at before the first machine starts.
	await using folders = new AsyncDisposableStack();
	const images: Array<ResolvedImage & {readonly folder: string; readonly plan: RunPlan}> = [];
	const named = words.length === 0 && !alone ? [referenceImage] : words;
	// A guest that stands at a breakpoint neither hangs nor is late.
	const patience = options.gdb ? 1000 : 1;
	const shared = {
		...plan,
		timeoutMs: plan.timeoutMs * patience,
		timeoutScale: plan.timeoutScale * patience,
		gdb: options.gdb ? (socket: string) => tellDebugger(context, socket) : undefined,
	};
	const onProgress = (line: string): void => void context.stderr.write(`${line}\n`);
	for (const word of named) {
		const folder = folders.use(await openRunFolder());
		const image = await resolveImage(word, {folder: folder.path, onProgress, signal});
		const {kernel} = options;
		images.push({
			...image,
			folder: folder.path,
			plan:
				kernel === undefined
					? shared
					: {
							...shared,
							kernel: await kernelOnImage(
								{...options, kernel},
								{candidate: image.candidate, folder: folder.path, signal, onProgress},
							),
						},
		});
	}

	if (alone) {
		const folder = folders.use(await openRunFolder());
		const image = await kernelAlone({...options, kernel: options.kernel}, {folder: folder.path, signal, onProgress});
		images.push({...image, folder: folder.path, plan: {...shared, kernel: image.run}});
	}

	// Also what a name such as ref:NAME means.
	await checkReportFiles(options, {
		artifacts: options.artifacts,
		inputs: images.flatMap(({candidate}) => [candidate.path, candidate.origin.path]),
	});
	if (options.dryRun) {
		context.stdout.write(images.map((image) => describeDryRun(image, image.plan)).join('\n'));
		return {exitCode: 0, results: []};
	}

	const codes: number[] = [];
	const results: RunResult[] = [];
	const runs: Array<readonly RunEvent[]> = [];
	const github = openGithubStep(context, {speaks: options.reporter === 'terminal'});
	try {
		for (const image of images) {
			const {exitCode, result, events} = await runImage(image, image.plan, {
				folder: image.folder,
				artifactsParent: options.artifacts,
				env: context.env,
				reporters: reportersFor(context, options),
				terminal: context.stdin.isTTY === true && context.env['CI'] === undefined ? context : undefined,
				// How long a machine takes that waits for a debugger says nothing.
				remember:
					options.history && !options.gdb
						? (seen) => remember(seen, {kernel: options.kernel, env: context.env})
						: undefined,
				signal,
			});
			codes.push(exitCode);
			results.push(result);
			runs.push(events);
			await writeReportFiles(options, runs, {more: runs.length < images.length && !signal.aborted});
			signal.throwIfAborted();
		}
	} finally {
		await github.finish(runs.map((events) => foldRun(events)));
	}

	return {exitCode: worstExitCode(codes), results};
};

const tellDebugger = ({stderr}: CommandContext, socket: string): void => {
	stderr.write(`The machine waits for a debugger: gdb vmlinux -ex 'target remote ${socket}'   (then: continue)\n`);
};

const reportersFor = ({stdout, env}: CommandContext, {reporter, verbose, kernel}: TestOptions): readonly Reporter[] => {
	switch (reporter) {
		case 'terminal': {
			const surroundings = {
				usual: (started: RunEvent) => usualBoot(started, {kernel, env}),
				lastLine: ({artifacts}: {readonly artifacts: string}) => consoleTail(artifacts),
			};
			// A dumb one cannot take anything back.
			const stream = env['TERM'] === 'dumb' ? {write: (text: string) => stdout.write(text)} : stdout;
			const terminal = terminalReporter({stream, color: wantsColor(stdout, env), verbose, surroundings});
			return env['GITLAB_CI'] === 'true' ? [gitlabReporter({stream: stdout}), terminal] : [terminal];
		}

		case 'events': {
			return [(event) => stdout.write(`${JSON.stringify(event)}\n`)];
		}

		case 'none': {
			return [];
		}
	}
};
