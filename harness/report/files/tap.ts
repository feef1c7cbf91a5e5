import {stringify} from 'yaml';
import {type RunState} from '../run-state.ts';
import {type Finding, findingsOf} from './findings.ts';
import {nameOfRun} from './name-of-run.ts';

/** Runs as TAP 14 (testanything.org/tap-version-14-specification): a subtest each, whose diagnostics are what was found out. */
export const tapOf = (runs: readonly RunState[]): string => [...tapPieces(runs)].join('');

/** The same in pieces, a run each: of a matrix the whole is long. */
export function* tapPieces(runs: readonly RunState[]): Generator<string> {
	yield 'TAP version 14\n';
	for (const [index, run] of runs.entries()) {
		const findings = findingsOf(run);
		const isOk = findings.every(({outcome}) => outcome === 'pass' || outcome === 'skip');
		const name = escape(nameOfRun(run));
		yield [
			`# Subtest: ${name}`,
			...[...findings.flatMap(lines), `1..${findings.length}`].map((line) => `    ${line}`),
			`${isOk ? 'ok' : 'not ok'} ${index + 1} - ${name}`,
			'',
		].join('\n');
	}

	yield `1..${runs.length}\n`;
}

const lines = ({id, title, outcome, kind, reason, details}: Finding, index: number): readonly string[] => {
	const isOk = outcome === 'pass' || outcome === 'skip';
	const directive = outcome === 'skip' ? ` # SKIP ${escape(reason)}` : '';
	const name = escape(title === '' ? id : `${id} · ${title}`);
	const first = `${isOk ? 'ok' : 'not ok'} ${index + 1} - ${name}${directive}`;
	const told = {...(reason !== '' && {[kind]: reason}), ...(details.length > 0 && {details})};
	return outcome === 'skip' || Object.keys(told).length === 0
		? [first]
		: [
				first,
				'  ---',
				...stringify(told, {lineWidth: 0})
					.trimEnd()
					.split('\n')
					.map((line) => `  ${line}`),
				'  ...',
			];
};

/** Of what stands on a test's own line, `#` begins a directive and `\` escapes. Line breaks were made visible before. */
const escape = (text: string): string => text.replaceAll(/[\\#]/gv, String.raw`\$&`);
