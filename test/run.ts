import {execa} from 'execa';
import path from 'node:path';
import {monotonicMs} from '../harness/core/clock.ts';
import {seconds} from '../harness/core/deadline.ts';
import {tapCounter} from './tap-counter.ts';

/**
 * Every check of the project, one after the other, also after one that failed; ends with `N passed, N failed`.
 * A linter counts as one, a test runner as its tests.
 */
const root = path.resolve(import.meta.dirname, '..');

type Step = {readonly name: string; readonly command: readonly [string, ...string[]]; readonly tap?: boolean};

/** Stages one after the other; the lanes of a stage beside each other, each in its order. */
const stages: ReadonlyArray<ReadonlyArray<readonly Step[]>> = [
	[
		[{name: 'lint', command: ['npm', 'run', '--silent', 'lint:code']}],
		[
			{name: 'types', command: ['npm', 'run', '--silent', 'types']},
			{name: 'format', command: ['npm', 'run', '--silent', 'lint:format']},
			{name: 'imports', command: ['npm', 'run', '--silent', 'lint:imports']},
		],
	],
	[[{name: 'unit', command: ['npm', 'run', '--silent', 'unit', '--', '--tap'], tap: true}]],
	// Alone: what it measures should not be measured beside other machines.
	[[{name: 'main job', command: ['npm', 'run', '--silent', 'main-job', '--', '--tap'], tap: true}]],
	[[{name: 'e2e', command: ['npm', 'run', '--silent', 'e2e', '--', '--tap'], tap: true}]],
];

/** An ordinary user's path on Debian has no sbin, where mke2fs and sfdisk are. */
const searchPath = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;

type Counts = {readonly passed: number; readonly failed: number; readonly failures: readonly string[]};

const run = async ({name, command: [program, ...args], tap = false}: Step): Promise<Counts> => {
	const startedAt = monotonicMs();
	const child = execa(program, args, {
		cwd: root,
		env: {PATH: searchPath},
		reject: false,
		all: true,
		buffer: !tap,
		stdin: 'ignore',
	});
	const counter = tapCounter((line) => console.log(`  ${line}`));
	if (tap) {
		for await (const line of child) {
			counter.line(line);
		}
	}

	const {exitCode, all} = await child;
	const ok = exitCode === 0;
	if (!ok && !tap) {
		console.log(all);
	}

	const {passed, failed} = tap ? counter.counts() : {passed: Number(ok), failed: Number(!ok)};
	// A runner that found nothing to run, or that broke outside of any test.
	const broken = (tap && passed + failed === 0) || (!ok && failed === 0) ? 1 : 0;
	const verdict = failed + broken === 0 ? '✔' : '✖';
	console.log(
		`${verdict} ${name.padEnd(8)} ${tap ? `${passed} passed, ${failed + broken} failed, ` : ''}${seconds(monotonicMs() - startedAt)}`,
	);
	const failures = [...(tap ? counter.failures() : []), ...(broken === 1 || (!ok && !tap) ? ['did not end well'] : [])];
	return {passed, failed: failed + broken, failures: failures.map((title) => `${name}: ${title}`)};
};

let passed = 0;
let failed = 0;
const failures: string[] = [];
for (const stage of stages) {
	const lanes = stage.map(async (lane) => {
		for (const step of lane) {
			const counts = await run(step);
			passed += counts.passed;
			failed += counts.failed;
			failures.push(...counts.failures);
		}
	});
	await Promise.all(lanes);
}

// Once more where they are looked for: a log that is long is read from its end.
for (const failure of failures) {
	console.log(`✖ ${failure}`);
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
