import {type RunEvent} from '../core/events.ts';
import {nameOfRun} from './files/name-of-run.ts';
import {foldRun} from './run-state.ts';
import {type Reporter, type TerminalStream} from './terminal.ts';

/**
 * Marks of a part of a GitLab job's log that a person may fold (docs.gitlab.com/ci/jobs/job_logs, "Custom collapsible sections"). A guest
 * writes none: its escape characters are shown, not sent.
 * @param at ms since the epoch
 */
export const sectionStart = (name: string, title: string, at: number): string =>
	`\u001B[0Ksection_start:${Math.floor(at / 1000)}:${name}[collapsed=true]\r\u001B[0K${title}\n`;

export const sectionEnd = (name: string, at: number): string =>
	`\u001B[0Ksection_end:${Math.floor(at / 1000)}:${name}\r\u001B[0K`;

/** Folds how a run went, and leaves its report in view: to be told every event before the reporter that writes them. */
export const gitlabReporter = ({stream}: {readonly stream: TerminalStream}): Reporter => {
	let name = '';
	return (event: RunEvent) => {
		if (event.type === 'run-started') {
			// Another run of the job has another name.
			name = `bootwright_run_${event.at}`;
			stream.write(sectionStart(name, `How the run of ${nameOfRun(foldRun([event]))} went`, event.at));
		} else if (event.type === 'run-finished' && name !== '') {
			stream.write(sectionEnd(name, event.at));
			name = '';
		}
	};
};
