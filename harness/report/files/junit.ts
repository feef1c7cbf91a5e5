import XMLBuilder from 'fast-xml-builder';
import {printableLines} from '../printable.ts';
import {type RunState} from '../run-state.ts';
import {type Finding, findingsOf} from './findings.ts';
import {nameOfRun} from './name-of-run.ts';

/**
 * Runs as JUnit XML: a test suite each. A row that is wrong is a `failure`; one that the host or the harness could not find out is an
 * `error`; what was found out about it is its `system-out`. Elements and their order are those of the schema that Jenkins, GitLab and others
 * share (github.com/windyroad/JUnit-Schema).
 */
export const junitOf = (runs: readonly RunState[]): string => [...junitPieces(runs)].join('');

/** The same in pieces, a suite each: of a matrix the whole is long, and its tree longer. */
export function* junitPieces(runs: readonly RunState[]): Generator<string> {
	const totalMs = runs.reduce((sum, {durationMs}) => sum + durationMs, 0);
	const about = attributes({name: 'bootwright', ...sumOf(runs), time: secondsOf(totalMs)});
	const build = (testsuite: readonly unknown[]): string =>
		new XMLBuilder({
			ignoreAttributes: false,
			attributeNamePrefix: '@',
			format: true,
			indentBy: '\t',
			attributeValueProcessor: asText,
			tagValueProcessor: asText,
		}).build({
			// eslint-disable-next-line unicorn/text-encoding-identifier-case -- the name that XML gives it (XML 1.0, 4.3.3)
			'?xml': attributes({version: '1.0', encoding: 'UTF-8'}),
			testsuites: {...about, testsuite},
		});
	if (runs.length === 0) {
		yield build([]);
		return;
	}

	const end = '</testsuites>\n';
	for (const [index, run] of runs.entries()) {
		// Built as the only suite, for its depth; what stands around it is left out.
		const text = build([suiteOf(run, findingsOf(run))]);
		yield text.slice(index === 0 ? 0 : text.indexOf('\t<testsuite '), text.lastIndexOf(end.trimEnd()));
	}

	yield end;
}

const sumOf = (runs: readonly RunState[]) => {
	const counts = runs.map((run) => countsOf(findingsOf(run)));
	const sum = (name: keyof ReturnType<typeof countsOf>): string =>
		String(counts.reduce((total, one) => total + Number(one[name]), 0));
	return {tests: sum('tests'), failures: sum('failures'), errors: sum('errors'), skipped: sum('skipped')};
};

/** Whatever goes into the file: a character that XML has not makes all of it unreadable, the other runs too. */
const asText = (_name: string, value: unknown): string => printableLines(String(value), Infinity);

/** As the builder tells them from elements. */
const attributes = (values: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
	Object.fromEntries(Object.entries(values).map(([name, value]) => [`@${name}`, value]));

const suiteOf = (run: RunState, findings: readonly Finding[]) => ({
	...attributes({
		name: nameOfRun(run),
		...countsOf(findings),
		time: secondsOf(run.durationMs),
		...(run.started !== undefined && {timestamp: new Date(run.started.at).toISOString().slice(0, 19)}),
	}),
	properties: {
		property: Object.entries(propertiesOf(run)).map(([name, value]) => attributes({name, value})),
	},
	testcase: findings.map(caseOf),
});

const caseOf = ({id, title, outcome, kind, reason, details}: Finding) => {
	const told = [
		...(title === '' ? [] : [title]),
		...(outcome === 'pass' && reason !== '' ? [`${kind}: ${reason}`] : []),
		...details,
	];
	const bad = {...attributes({type: kind, message: reason}), '#text': [reason, ...details].join('\n')};
	return {
		...attributes({classname: classOf(id), name: id, time: '0'}),
		...(outcome === 'skip' && {skipped: attributes({message: reason})}),
		...(outcome === 'fail' && {failure: bad}),
		...(outcome === 'error' && {error: bad}),
		'system-out': told.join('\n'),
	};
};

const countsOf = (findings: readonly Finding[]) => {
	const count = (wanted: Finding['outcome']): string =>
		String(findings.filter(({outcome}) => outcome === wanted).length);
	return {tests: String(findings.length), failures: count('fail'), errors: count('error'), skipped: count('skip')};
};

/** `hw.scsi` of `hw.scsi.block-size`: what readers of such files fold by. */
const classOf = (id: string): string => `bootwright.${id.split('.').slice(0, -1).join('.') || 'run'}`;

const secondsOf = (ms: number): string => (ms / 1000).toFixed(3);

const propertiesOf = ({started, sha256, phases, measurements}: RunState): Readonly<Record<string, string>> => ({
	...(started !== undefined && {
		version: started.version,
		'image.bytes': String(started.image.bytes),
		'machine.profile': started.machine.profile,
		'machine.accelerator': started.machine.accelerator,
		'machine.qemu': started.machine.qemu,
		command: started.command,
		artifacts: started.artifacts,
	}),
	...(sha256 !== undefined && {'image.sha256': sha256}),
	...Object.fromEntries(phases.entries().map(([phase, ms]) => [`phase.${phase}.ms`, ms.toFixed(0)])),
	...Object.fromEntries(measurements.map(({id, metric, value}) => [`${id}.${metric}`, String(value)])),
});
