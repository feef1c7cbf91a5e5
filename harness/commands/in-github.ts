import {randomBytes} from 'node:crypto';
import {appendFile} from 'node:fs/promises';
import {HostError, messageOf} from '../core/errors.ts';
import {annotationsOf, holdCommands} from '../report/files/github.ts';
import {type RunState} from '../report/run-state.ts';
import {type CommandContext} from './command.ts';

/** What is told to GitHub where a step of its Actions runs the program. Elsewhere nothing. */
export type GithubStep = {
	/** Must be called at the end, also after an error. `summary`: of the runs, where each in full would be too long. */
	readonly finish: (runs: readonly RunState[], summary?: string) => Promise<void>;
};

/**
 * Until it is finished no line on standard output is taken for a workflow command: a guest could print one. Then what is wrong is marked,
 * and the step's summary gets the runs.
 * @param options.speaks whether standard output is for people
 */
export const openGithubStep = (
	{stdout, env}: Pick<CommandContext, 'stdout' | 'env'>,
	{speaks}: {readonly speaks: boolean},
): GithubStep => {
	if (env['GITHUB_ACTIONS'] !== 'true') {
		return {
			async finish() {
				// Nobody is told.
			},
		};
	}

	const {before, after} = holdCommands(randomBytes(16).toString('hex'));
	if (speaks) {
		stdout.write(before);
	}

	return {
		async finish(runs, short) {
			if (speaks) {
				stdout.write(`${after}${annotationsOf(runs)}`);
			}

			const summary = env['GITHUB_STEP_SUMMARY'];
			if (summary !== undefined && summary !== '' && runs.length > 0) {
				const {markdownOf} = await import('../report/files/markdown.ts');
				try {
					await appendFile(summary, short ?? markdownOf(runs));
				} catch (error) {
					throw new HostError(`Cannot write the step's summary ${summary}: ${messageOf(error)}`, {cause: error});
				}
			}
		},
	};
};
