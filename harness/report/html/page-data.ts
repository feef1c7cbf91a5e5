import path from 'node:path';
import {type Trend} from '../../core/changes.ts';
import {type Measurement, bootPhases} from '../../core/events.ts';
import {type Evidence, type Verdict} from '../../core/verdict.ts';
import {type ChangeLine, changeLines} from '../change-lines.ts';
import {exitCodeOfRun} from '../exit-code.ts';
import {nameOfRun} from '../files/name-of-run.ts';
import {printable, printableLines} from '../printable.ts';
import {textOfRow} from '../row-text.ts';
import {type Row, type RunState} from '../run-state.ts';
import {summaryLine, summaryOfRun} from '../summary.ts';

/** What one side saw of a thing. */
export type Seen = {readonly expected: string; readonly observed: string; readonly holds: boolean};

/** Evidence of both sides next to each other. */
export type Sides = {readonly what: string; readonly guest?: Seen; readonly host?: Seen};

export type PageRow = {
	readonly id: string;
	readonly title: string;
	readonly group: string;
	readonly verdict: Verdict;
	readonly scenario: string;
	readonly reason: string;
	readonly fix: string;
	readonly evidence: readonly Sides[];
	/** It fails as somebody knows, and does not count. */
	readonly known: boolean;
};

/** A known failure of a matrix that the run showed. */
export type PageKnown = {
	readonly id: string;
	readonly reason: string;
	/** Empty where there is none. */
	readonly link: string;
	readonly until: string;
	readonly expired: boolean;
	/** `run`: the guest did not come up. */
	readonly rows: readonly string[];
};

export type PageProblem = {
	readonly kind: string;
	readonly severity: string;
	readonly port: string;
	readonly line: string;
	readonly offset: number;
};

export type PageHistory = {
	/** When the run started that it is compared with, ISO 8601; empty where there is none. */
	readonly since: string;
	readonly changes: readonly ChangeLine[];
	readonly trends: readonly Trend[];
};

/** A run as the page shows it. Its texts are printable; the page makes text nodes of them, never markup. */
export type PageRun = {
	readonly name: string;
	readonly isGreen: boolean;
	readonly exitCode: number;
	readonly summary: string;
	/** What the run was, for a table: name and value. */
	readonly facts: ReadonlyArray<readonly [name: string, value: string]>;
	readonly failures: ReadonlyArray<{readonly kind: string; readonly message: string; readonly hint: string}>;
	readonly phases: ReadonlyArray<{readonly name: string; readonly ms: number | null}>;
	readonly scenarios: ReadonlyArray<{readonly id: string; readonly verdict: Verdict; readonly durationMs: number}>;
	readonly rows: readonly PageRow[];
	readonly known: readonly PageKnown[];
	readonly measurements: readonly Measurement[];
	/** What the history of its host says of it; null where there is no earlier run, or no history. */
	readonly history: PageHistory | null;
	readonly problems: readonly PageProblem[];
	readonly notes: readonly string[];
	/** Commands that repeat it. */
	readonly reproduce: readonly string[];
};

/** As long as a reason may be that a person still reads. */
const longest = 2000;
/** A guest may complain without end; its log has it all. */
const mostProblems = 1000;

/** A run as data of the page. */
export const pageRunOf = (run: RunState): PageRun => {
	const exitCode = exitCodeOfRun(run);
	const {started, guestFailure, runFailure} = run;
	const failures = [
		guestFailure && {...guestFailure, kind: guestFailure.failure},
		runFailure && {...runFailure, kind: runFailure.code},
	].filter((event) => event !== undefined);
	return {
		name: nameOfRun(run),
		isGreen: exitCode === 0,
		exitCode,
		summary: summaryLine(summaryOfRun(run)),
		facts: factsOf(run),
		failures: failures.map(({kind, message, hint = ''}) => ({
			kind: printable(kind),
			message: printableLines(message),
			hint: printableLines(hint),
		})),
		phases: bootPhases.map((name) => ({name, ms: run.phases.get(name) ?? null})),
		scenarios: run.scenarios.map(({id, verdict, durationMs}) => ({id: printable(id), verdict, durationMs})),
		rows: run.rows.map(rowOf),
		known: run.knownSeen.map(({issue: {id, reason, link = '', until, expired}, rows}) => ({
			id: printable(id),
			reason: printable(reason, longest),
			link: printable(link, longest),
			until: printable(until),
			expired,
			rows: rows.map((row) => printable(row)),
		})),
		measurements: run.measurements.map((one) => ({
			...one,
			id: printable(one.id),
			metric: printable(one.metric),
			text: printable(one.text),
			arms: one.arms?.map((arms) => ({...arms, unit: printable(arms.unit)})),
		})),
		history: historyOf(run),
		problems: run.problems
			.slice(0, mostProblems)
			.map((problem) => ({...problem, kind: printable(problem.kind), line: printable(problem.line)})),
		notes: run.notes.map((note) => printableLines(note)),
		reproduce:
			started === undefined
				? []
				: [started.command, `sh ${path.join(started.artifacts, 'qemu.sh')}`].map((command) => printableLines(command)),
	};
};

const historyOf = ({compared}: RunState): PageHistory | null => {
	if (compared === undefined || (compared.since === null && compared.trends.length === 0)) {
		return null;
	}

	const {since, rows, flaky, figures, trends} = compared;
	return {
		since: since === null ? '' : new Date(since.at).toISOString(),
		changes: changeLines({...rows, flaky, figures}),
		trends: trends.map((trend) => ({...trend, id: printable(trend.id)})),
	};
};

const factsOf = ({started, sha256 = 'not known when the run ended', access}: RunState): PageRun['facts'] => {
	if (started === undefined) {
		return [];
	}

	const {image, machine} = started;
	const facts = {
		Image: image.path,
		'Size of the image': `${image.bytes} bytes`,
		'SHA-256 of the image': sha256,
		'Machine profile': machine.profile,
		Accelerator: `${machine.accelerator}: ${machine.acceleratorReason}`,
		QEMU: machine.qemu,
		'Virtual CPUs': String(machine.vcpus),
		Memory: `${machine.memoryMiB} MiB`,
		'Way in': access.tried
			.map(({method, opened, why}) => `${method} ${opened ? 'opened' : 'not opened'}: ${why}`)
			.join('; '),
		Started: new Date(started.at).toISOString(),
		Bootwright: started.version,
		Artifacts: started.artifacts,
	};
	return Object.entries(facts).map(([name, value]) => [name, printable(value, longest)]);
};

const rowOf = (row: Row): PageRow => {
	const {title, group, fix = ''} = textOfRow(row);
	return {
		id: printable(row.id),
		title,
		group,
		verdict: row.verdict,
		scenario: printable(row.scenario),
		reason: printable(row.reason, longest),
		fix: row.verdict === 'pass' ? '' : printableLines(fix),
		evidence: sidesOf(row.judgement.evidence),
		known: row.known?.expired === false,
	};
};

/** What both sides saw of one thing becomes one entry, where the first of them stood. */
const sidesOf = (evidence: readonly Evidence[]): readonly Sides[] => {
	const sides: Array<{what: string; guest?: Seen; host?: Seen}> = [];
	const open = new Map<string, {what: string; guest?: Seen; host?: Seen}>();
	for (const {side, what, expected, observed, holds} of evidence) {
		const seen = {expected: printable(expected), observed: printable(observed), holds};
		const other = open.get(what);
		if (other === undefined || other[side] !== undefined) {
			const entry = {what: printable(what), [side]: seen};
			sides.push(entry);
			open.set(what, entry);
		} else {
			other[side] = seen;
		}
	}

	return sides;
};
