import {createHash} from 'node:crypto';
import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import vm from 'node:vm';
import {gunzipSync} from 'node:zlib';
import test from 'ava';
import {withDir} from 'tmp-promise';
import {type RunEvent} from '../../../harness/core/events.ts';
import {formatNames} from '../../../harness/report/files/format-names.ts';
import {writeReportFiles} from '../../../harness/report/files/report-files.ts';
import {pageScript} from '../../../harness/report/html/page-template.ts';
import {exampleRun, judged, passed, start} from '../example-run.ts';
import {compared, runWithHistory} from '../with-history.ts';
import {hostile, hostileRun, interrupted, panicked} from '../files/_hostile-run.ts';
import {blocksIn, pageOf, runsIn} from './_page.ts';

test('every row is there, with what both sides saw next to each other', async (t) => {
	const seen = {what: 'feature bit CSUM', expected: 'on', observed: 'on', holds: true} as const;
	const [first, second] = runsIn(
		await pageOf([
			exampleRun,
			[
				start({requirements: ['hw.net.checksum', 'my.own']}),
				judged('hw.net.checksum', {
					verdict: 'fail',
					reason: 'no',
					evidence: [
						{side: 'guest', ...seen},
						{side: 'guest', what: 'ethtool', expected: 'on', observed: 'off', holds: false},
						{side: 'host', ...seen, observed: 'off', holds: false},
						{side: 'host', ...seen, observed: 'again'},
					],
				}),
			],
		]),
	);
	t.deepEqual(
		first?.rows.map(({id, verdict}) => `${id} ${verdict}`),
		[
			'hw.scsi.spc4 pass',
			'hw.scsi.block-size fail',
			'hw.net.tso4 skip',
			'hw.net.gro4 skip',
			'kernel.VIRTIO_NET warn',
			'boot.console-clean fail',
		],
	);
	t.is(first?.summary, '1 passed, 1 warned, 2 failed, 2 skipped, 0 errors · 41 s');
	t.is(first?.phases.find(({name}) => name === 'kernel')?.ms, 4903);
	t.is(first?.rows[4]?.fix, 'CONFIG_VIRTIO_NET=y');
	t.deepEqual(first?.measurements[0]?.samples, [1.3, 1.39, 1.5]);
	t.deepEqual(second?.rows[0]?.evidence, [
		{
			what: 'feature bit CSUM',
			guest: {expected: 'on', observed: 'on', holds: true},
			host: {expected: 'on', observed: 'off', holds: false},
		},
		{what: 'ethtool', guest: {expected: 'on', observed: 'off', holds: false}},
		{what: 'feature bit CSUM', host: {expected: 'on', observed: 'again', holds: true}},
	]);
	t.is(second?.rows[1]?.group, 'Others');
});

test('bytes of a guest are data: no markup, no controls, never too much of them', async (t) => {
	const evil = `${hostile}</SCRIPT><!--<script><img src=x onerror=alert(1)>`;
	const page = await pageOf([
		[
			...hostileRun.slice(0, 3),
			judged('a.two', {verdict: 'fail', reason: evil, evidence: [], fix: evil}),
			...hostileRun.slice(3),
		],
		[start({requirements: [evil], command: evil, artifacts: evil}), passed(evil)],
	]);
	const clean = await pageOf([exampleRun]);
	const tags = (html: string): readonly string[] =>
		html.match(/<(?!script type="application\/json")[^\w\s]?\w+/gv) ?? [];
	t.deepEqual(new Set(tags(page)), new Set(tags(clean)));
	t.false(page.includes('<img'));
	t.is(page.match(/<!--/gv), null);
	t.deepEqual(
		['\0', '\u001B', '\u202E'].filter((character) => page.includes(character)),
		[],
	);
	t.true(page.isWellFormed());
	t.true(page.length < 200_000, String(page.length));
	const [first] = runsIn(page);
	t.regex(first?.rows[1]?.reason ?? '', /^\\x00\\x1b\[2J<\/failure><script>alert\(1\)<\/script>/);
});

test('a row is not lost because its reason is long', async (t) => {
	const [run] = runsIn(await pageOf([hostileRun]));
	t.is(run?.rows.length, 4);
	t.regex(run?.rows[3]?.reason ?? '', /^x{2000}… \(9998000 more\)$/);
});

test('what the history says is there; without one, or on the first run, nothing', async (t) => {
	const [run, plain, first] = runsIn(
		await pageOf([
			runWithHistory,
			exampleRun,
			[...exampleRun, {type: 'compared', at: 1, compared: {...compared, since: null, trends: []}}],
		]),
	);
	t.is(run?.history?.since, '2026-01-02T02:04:05.000Z');
	t.deepEqual(
		run?.history?.changes.map(({title, mark, what, how}) => [title, mark, what, how].join(' | ')),
		[
			'newly failing | fail | hw.scsi.block-size | pass → fail',
			'newly passing | pass | hw.scsi.spc4 | fail → pass',
			'flaky | warn | hw.net.gro4 | bad in 3 of 20 runs (95 %: 5 to 36 %)',
			'slower | warn | access | 21 s → 31 s; the median of 14 is 20 s, noise from 18 s to 23 s',
		],
	);
	t.is(run?.history?.trends[0]?.points.length, 15);
	t.is(plain?.history, null);
	t.is(first?.history, null);
	t.deepEqual(run?.measurements[0]?.frameSizes?.limits, [64, 128, 2048, 65_536]);
});

test('what ended a run early', async (t) => {
	const [dead, ended] = runsIn(await pageOf([panicked, interrupted]));
	t.deepEqual(dead?.failures, [{kind: 'panic', message: 'Kernel panic', hint: 'look at it'}]);
	t.false(dead?.isGreen);
	t.deepEqual(ended?.failures, [{kind: 'interrupted', message: 'Interrupted by SIGINT', hint: ''}]);
	t.is(ended?.exitCode, 130);
});

test('what is known to fail is marked, with its day and why; what is known no more counts', async (t) => {
	const known = {reason: hostile, link: 'javascript:alert(1)', until: '2027-01-31'};
	const cell: RunEvent = {
		type: 'matrix-cell',
		at: 1,
		id: 'a.gce.auto.all',
		known: [
			{...known, id: 'old-driver', rows: ['hw.scsi.*'], expired: false},
			{...known, id: 'noisy', rows: ['boot.*'], expired: true},
			{...known, id: 'panics', rows: ['run'], expired: false},
		],
	};
	const [run, dead, plain] = runsIn(await pageOf([[cell, ...exampleRun], [cell, ...panicked], exampleRun]));
	t.is(run?.name, 'a.gce.auto.all');
	t.deepEqual(
		run?.rows.filter(({verdict}) => verdict !== 'pass').map((row) => [row.id, row.verdict, row.known]),
		[
			['hw.scsi.block-size', 'skip', true],
			['hw.net.tso4', 'skip', false],
			['hw.net.gro4', 'skip', false],
			['kernel.VIRTIO_NET', 'warn', false],
			['boot.console-clean', 'fail', false],
		],
	);
	t.regex(run?.rows[1]?.reason ?? '', /^known as old-driver until 2027-01-31 \(\\x00/v);
	t.deepEqual(
		run?.known.map(({id, expired, rows}) => [id, expired, rows]),
		[
			['old-driver', false, ['hw.scsi.block-size']],
			['noisy', true, ['boot.console-clean']],
		],
	);
	t.true(run?.known[0]?.reason.startsWith(String.raw`\x00\x1b[2J`));
	t.deepEqual(
		dead?.known.map(({id, rows}) => [id, rows]),
		[['panics', ['run']]],
	);
	t.true(dead?.isGreen);
	t.deepEqual(plain?.known, []);
});

test('the page runs its own script and style, and nothing from anywhere', async (t) => {
	const page = await pageOf([exampleRun]);
	const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/v.exec(page)?.[1] ?? '';
	const digest = (text = '') => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
	t.deepEqual(policy.split('; '), [
		"default-src 'none'",
		`script-src ${digest(/<script>(.*?)<\/script>/sv.exec(page)?.[1])}`,
		`style-src ${digest(/<style>(.*?)<\/style>/sv.exec(page)?.[1])}`,
		"base-uri 'none'",
		"form-action 'none'",
	]);
	const script = await pageScript();
	t.notThrows(() => new vm.Script(script));
	t.notRegex(script, /^(?:import|export) /mv);
	t.notRegex(script, /innerHTML|insertAdjacentHTML|document\.write|<\/script/v);
});

test('the same events and consoles give the same bytes', async (t) => {
	await withDir(
		async ({path: directory}) => {
			await writeFile(path.join(directory, 'console-ttyS0.log'), 'hello\r\n'.repeat(50_000));
			await writeFile(path.join(directory, 'console-ttyS0.timing'), '1000 0\n2000 7\n');
			t.is(await pageOf([exampleRun], directory), await pageOf([exampleRun], directory));
		},
		{unsafeCleanup: true},
	);
});

test('consoles go in whole, packed, those of copies after those of the booted machine', async (t) => {
	await withDir(
		async ({path: directory}) => {
			const copy = path.join(directory, 'copies/scsi');
			await mkdir(copy, {recursive: true});
			const log = Buffer.from(
				`${'x'.repeat(300_000)}\n${'line\r\n'.repeat(60_000)}\0\u001B[31m</script>\xFF end`,
				'latin1',
			);
			await writeFile(path.join(directory, 'console-ttyS0.log'), log);
			await writeFile(path.join(directory, 'console-ttyS0.timing'), '1000 0\n2000 7\n');
			await writeFile(path.join(copy, 'console-ttyS1.log'), '');
			const page = await pageOf([exampleRun], directory);
			t.deepEqual(
				blocksIn(page, 'console').map((block) => (block as {readonly name: string}).name),
				['ttyS0', 'ttyS1 of scsi'],
			);
			const unpacked = blocksIn(page, 'segment').map((block) => gunzipSync(Buffer.from(String(block), 'base64')));
			t.true(Buffer.concat(unpacked).equals(log));
			t.true(unpacked.every(({length}) => length <= 128 * 1024));
			// A cut between lines, where there are any.
			t.true(unpacked.slice(2, -1).every((bytes) => bytes.at(-1) === 0x0a));
			const places = page.matchAll(/data-offset="(?<offset>\d+)" data-line="(?<line>\d+)"/gv).toArray();
			const last = places.at(-1)?.groups;
			const before = Buffer.concat(unpacked.slice(0, -1));
			t.is(Number(last?.['offset']), before.length);
			t.is(Number(last?.['line']), before.toString('latin1').split('\n').length);
			t.true(page.length < 700_000, String(page.length));
		},
		{unsafeCleanup: true},
	);
});

test('a page without consoles says why', async (t) => {
	const page = await pageOf([exampleRun], '/nowhere/at/all');
	const [about] = blocksIn(page, 'consoles') as ReadonlyArray<{readonly lack: string}>;
	t.regex(about?.lack ?? '', /ENOENT.*\/nowhere\/at\/all/v);
});

test('the page is written like every other report, and is below 1 MB without its consoles', async (t) => {
	t.true(formatNames.includes('html'));
	await withDir(
		async ({path: directory}) => {
			const ids = Array.from({length: 200}, (_, index) => `many.row-${index}`);
			const evidence = {
				what: 'w'.repeat(100),
				expected: 'e'.repeat(40),
				observed: 'o'.repeat(40),
				holds: true,
			} as const;
			const run = [
				start({requirements: ids}),
				...ids.map((id) =>
					judged(id, {
						verdict: 'warn',
						reason: 'r'.repeat(200),
						evidence: Array.from({length: 10}, () => ({side: 'host' as const, ...evidence})),
					}),
				),
			];
			const file = path.join(directory, 'run.html');
			await writeReportFiles({html: file}, [run], {places: [directory]});
			const page = await pageOf([run], directory);
			t.true(page.length < 1_000_000, String(page.length));
			t.is(runsIn(page)[0]?.rows.length, 200);
		},
		{unsafeCleanup: true},
	);
});
