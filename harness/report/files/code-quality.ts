import {createHash} from 'node:crypto';
import {runRow} from '../../core/run-row.ts';
import {printable} from '../printable.ts';
import {type RunState} from '../run-state.ts';
import {type Finding, findingsOf} from './findings.ts';
import {nameOfRun} from './name-of-run.ts';

/** Fields that GitLab requires (docs.gitlab.com/ci/testing/code_quality, "Code Quality report format"). */
type Violation = {
	readonly description: string;
	readonly check_name: string;
	readonly fingerprint: string;
	readonly severity: 'info' | 'minor' | 'major' | 'critical' | 'blocker';
	readonly location: {readonly path: string; readonly lines: {readonly begin: number}};
};

/**
 * What is wrong with runs as a Code Quality report of GitLab, which shows in a merge request what is new in it and what is gone. It tells
 * two of them apart by fingerprint: the run's name and the row, which stay the same from one pipeline to the next.
 */
export const codeQualityOf = (runs: readonly RunState[]): string => {
	const seen = new Map<string, number>();
	const violations = runs.flatMap((run) =>
		findingsOf(run)
			.filter(({outcome}) => outcome === 'fail' || outcome === 'error')
			.map((finding): Violation => {
				const name = nameOfRun(run);
				const what = `${name}\n${finding.id}`;
				const times = seen.get(what) ?? 0;
				seen.set(what, times + 1);
				return {
					description: `${finding.id} · ${name}: ${finding.reason}`,
					check_name: finding.id,
					// The same image twice: no two violations may have one fingerprint.
					fingerprint: createHash('sha256')
						.update(times === 0 ? what : `${what}\n${times}`)
						.digest('hex'),
					severity: severityOf(finding),
					location: {path: pathOf(run), lines: {begin: 1}},
				};
			}),
	);
	return `${JSON.stringify(violations, undefined, '\t')}\n`;
};

/** An image that does not come up has no other row; what the host or the harness could not find out is no fault of an image. */
const severityOf = ({id, outcome}: Finding): Violation['severity'] =>
	outcome === 'error' ? 'minor' : id === runRow.id ? 'blocker' : 'major';

/** GitLab takes a path without a beginning; the image is the only file that a run is about. */
const pathOf = ({started, cell}: RunState): string =>
	printable(started?.image.path ?? cell?.id ?? '').replace(/^(?:\.?\/)+/v, '') || 'bootwright';
