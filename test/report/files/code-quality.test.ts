import test from 'ava';
import {z} from 'zod';
import {type RunEvent} from '../../../harness/core/events.ts';
import {codeQualityOf} from '../../../harness/report/files/code-quality.ts';
import {foldRun} from '../../../harness/report/run-state.ts';
import {exampleRun, passed, start} from '../example-run.ts';
import {hostileRun, interrupted, panicked} from './_hostile-run.ts';

/** As GitLab's own parser wants it (lib/gitlab/ci/parsers/codequality/schemas/codeclimate.json). */
const report = z.array(
	z.object({
		description: z.string().min(1),
		check_name: z.string().min(1),
		fingerprint: z.string().regex(/^[\da-f]{64}$/v),
		severity: z.enum(['info', 'minor', 'major', 'critical', 'blocker']),
		location: z.object({
			path: z.string().regex(/^(?!\.?\/)./v),
			lines: z.object({begin: z.int().min(1)}),
		}),
	}),
);
type Runs = ReadonlyArray<readonly RunEvent[]>;

const reportOf = (...runs: Runs) => report.parse(JSON.parse(codeQualityOf(runs.map((events) => foldRun(events)))));

test('what is wrong, and nothing else', (t) => {
	t.deepEqual(
		reportOf(exampleRun).map((violation) => ({...violation, fingerprint: ''})),
		[
			{
				description:
					'hw.scsi.block-size · image.raw (gce, tcg): logical block size of sda is 4096, required 512 (guest)',
				check_name: 'hw.scsi.block-size',
				fingerprint: '',
				severity: 'major',
				location: {path: 'image.raw', lines: {begin: 1}},
			},
			{
				description: 'boot.console-clean · image.raw (gce, tcg): 1 problem on the consoles',
				check_name: 'boot.console-clean',
				fingerprint: '',
				severity: 'major',
				location: {path: 'image.raw', lines: {begin: 1}},
			},
		],
	);
	const green = [start({requirements: ['hw.scsi.spc4']}), passed('hw.scsi.spc4'), ...exampleRun.slice(-1)];
	t.deepEqual(reportOf(green), []);
});

test('a fingerprint is the same in the next pipeline, and another for another row, run or cell', (t) => {
	const later = exampleRun.map((event) => ({...event, at: event.at + 1000}));
	const prints = (...runs: Runs) => reportOf(...runs).map(({fingerprint}) => fingerprint);
	t.deepEqual(prints(later), prints(exampleRun));
	const cell = [{type: 'matrix-cell', at: 1, id: 'a.gce.auto.all', known: []} as const, ...exampleRun];
	t.is(new Set(prints(exampleRun, exampleRun, cell)).size, 6);
	t.deepEqual(prints(exampleRun, exampleRun).slice(0, 2), prints(exampleRun));
});

test('a guest that does not come up, a run that was ended, an image by its path', (t) => {
	t.like(reportOf(panicked)[0], {check_name: 'run', severity: 'blocker'});
	t.like(reportOf(interrupted)[0], {check_name: 'run', severity: 'minor'});
	const [, ...rest] = exampleRun;
	const named = (path: string) => reportOf([start({image: {path, bytes: 1, sha256: undefined}}), ...rest]);
	t.is(named('/builds/a/disk.raw')[0]?.location.path, 'builds/a/disk.raw');
	t.is(named('./disk.raw')[0]?.location.path, 'disk.raw');
	t.is(named('ref:debian-12')[0]?.location.path, 'ref:debian-12');
});

test('a guest’s bytes are printable, and not too many', (t) => {
	const text = codeQualityOf([foldRun(hostileRun)]);
	t.true(text.isWellFormed() && text.length < 20_000, String(text.length));
	t.false(text.includes(String.raw`\u001b`));
	t.is(reportOf(hostileRun).length, 2);
});
