import {type RunState} from '../run-state.ts';
import {findingsOf} from './findings.ts';
import {nameOfRun} from './name-of-run.ts';

/** GitHub shows ten annotations of a step, and drops the rest. */
const mostAnnotations = 10;

/**
 * Workflow commands that mark what is wrong with runs. Everything else that a step writes could be such a command, a guest's last line
 * too: see `holdCommands`. (docs.github.com, "Workflow commands for GitHub Actions".)
 */
export const annotationsOf = (runs: readonly RunState[]): string =>
	runs
		.flatMap((run) =>
			findingsOf(run)
				.filter(({outcome}) => outcome === 'fail' || outcome === 'error')
				.map(({id, reason}) => `::error title=${property(`${id} · ${nameOfRun(run)}`)}::${data(reason)}\n`),
		)
		.slice(0, mostAnnotations)
		.join('');

/** What is written before a run and after it, so that the runner takes no line between them for a command. */
export const holdCommands = (token: string): {readonly before: string; readonly after: string} => ({
	before: `::stop-commands::${token}\n`,
	after: `::${token}::\n`,
});

/** As the runner's own toolkit escapes them (github.com/actions/toolkit, packages/core/src/command.ts). */
const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
