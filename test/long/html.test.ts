import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import test from 'ava';
import {type Browser, type Page, chromium} from 'playwright-core';
import {type RunEvent} from '../../harness/core/events.ts';
import {cellsOf} from '../../harness/matrix/cells.ts';
import {readMatrix} from '../../harness/matrix/matrix-file.ts';
import {missingOutcome} from '../../harness/matrix/outcome.ts';
import {matrixHtml} from '../../harness/matrix/report/matrix-html.ts';
import {writeReportFiles} from '../../harness/report/files/report-files.ts';
import {exampleRun, judged, passed, start} from '../report/example-run.ts';
import {runWithHistory} from '../report/with-history.ts';
import {hostile} from '../report/files/_hostile-run.ts';

/** Debian's package `chromium`; nothing else needs it (docs/reports.md). */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const firstPaintMs = 1500;

let directory: string;
let browser: Browser;

test.before(async () => {
	directory = await mkdtemp(path.join(os.tmpdir(), 'bootwright-html-'));
	browser = await chromium.launch({executablePath, args: ['--no-sandbox']});
});

test.after.always(async () => {
	await (browser as Browser | undefined)?.close();
	await rm(directory, {recursive: true, force: true});
});

/** Opens the page of a run from disk. What the browser complains about comes back with it. */
const open = async (
	name: string,
	events: readonly RunEvent[],
	options: {readonly hash?: string; readonly consoles?: string} = {},
) => {
	const file = path.join(directory, `${name}.html`);
	await writeReportFiles({html: file}, [events], {places: [options.consoles ?? '/nowhere']});
	const page = await browser.newPage();
	const complaints: string[] = [];
	page.on('console', (message) => void complaints.push(message.text()));
	page.on('pageerror', (error) => void complaints.push(String(error)));
	page.on('dialog', (dialog) => void complaints.push(dialog.message()));
	page.on('request', (request) => {
		if (!request.url().startsWith('file:')) {
			complaints.push(request.url());
		}
	});
	const url = `${pathToFileURL(file).href}${options.hash ?? ''}`;
	await page.goto(url);
	await page.locator('#consoles').waitFor();
	return {page, url, complaints};
};

const shownRows = async (page: Page): Promise<readonly string[]> =>
	page.locator('.row:not([hidden]) > summary > code').allTextContents();

test.serial('rows, filters and a link to a row', async (t) => {
	const {page, url, complaints} = await open('filters', exampleRun);
	t.is((await shownRows(page)).length, 6);
	// Rows that were skipped, and the box that hides them, are to be seen as well.
	const heights = await page.evaluate<readonly number[]>(
		"[...document.querySelectorAll('.row, .filters label')].map((one) => one.getBoundingClientRect().height)",
	);
	t.is(heights.length, 12);
	t.true(
		heights.every((height) => height > 15),
		JSON.stringify(heights),
	);
	await page.getByLabel('✖ fail').uncheck();
	t.is((await shownRows(page)).length, 4);
	await page.getByLabel('Rows with the text').fill('VIRTIO');
	t.deepEqual(await shownRows(page), ['kernel.VIRTIO_NET']);
	t.is(await page.locator('#rows [role=status]').textContent(), '1 of 6 rows');
	// A link leads to a row that the filters hide.
	await page.goto(`${url}#row-hw.scsi.block-size`);
	const row = page.locator('[id="row-hw.scsi.block-size"]');
	await row.locator('table').waitFor();
	t.regex((await row.textContent()) ?? '', /logical block size of sda.*4096.*required: 512/v);
	t.is(await page.evaluate('document.activeElement.parentElement.id'), 'row-hw.scsi.block-size');
	t.deepEqual(complaints, []);
});

test.serial('history: what changed leads to its row, and each trend is drawn with this run marked', async (t) => {
	const {page, url, complaints} = await open('history', runWithHistory);
	const section = page.locator('#history');
	t.regex((await section.textContent()) ?? '', /4 things changed since the run of 2026-01-02 02:04 UTC/v);
	t.is(await section.locator('.chart canvas').count(), 2);
	const accent = await page.evaluate<string>(
		"(() => { const probe = document.createElement('span'); probe.className = 'colour-accent'; document.body.append(probe); const {color} = getComputedStyle(probe); probe.remove(); return color; })()",
	);
	// The dot of this run, and of no other one, is in the colour that marks it.
	const marked = await page.evaluate<readonly number[]>(`(() => {
		const canvas = document.querySelector('#history .chart canvas');
		const {width, height} = canvas;
		const {data} = canvas.getContext('2d').getImageData(0, 0, width, height);
		const wanted = ${JSON.stringify(accent)}.match(/[0-9]+/g).map(Number);
		const columns = [];
		for (let x = 0; x < width; x++) {
			for (let y = 0; y < height; y++) {
				const at = 4 * (y * width + x);
				if (wanted.every((value, index) => Math.abs(data[at + index] - value) < 3) && data[at + 3] > 250) {
					columns.push(x / width);
					break;
				}
			}
		}
		return [columns[0], columns.at(-1), columns.length];
	})()`);
	t.true((marked[0] ?? 0) > 0.85 && (marked[2] ?? 0) >= 5, JSON.stringify(marked));
	await section.locator('a').first().click();
	await page.locator('[id="row-hw.scsi.block-size"][open]').waitFor();
	t.true(page.url().startsWith(url.replace(/#.*/v, '')));
	t.deepEqual(complaints, []);
	const {page: plain} = await open('plain', exampleRun);
	t.is(await plain.locator('#history').count(), 0);
});

test.serial('frame sizes are a histogram of both arms, merging is a bar beside its number', async (t) => {
	const {page, complaints} = await open('sizes', runWithHistory);
	const chart = page.locator('figure', {hasText: 'frame sizes'});
	t.is(await chart.locator('canvas').count(), 1);
	await chart.getByText('Frames', {exact: true}).click();
	const cells = await chart.locator('tbody tr').allTextContents();
	t.deepEqual(cells, ['6400', '12821', '2K81\u00A0199', '64K900', 'more00']);
	const widths = await page.evaluate<readonly number[]>(
		"[...document.querySelectorAll('[aria-label^=Segments] .bar')].map((bar) => bar.getBoundingClientRect().width)",
	);
	t.is(widths.length, 2);
	t.true(Math.abs((widths[0] ?? 0) / (widths[1] ?? 1) - 27.4) < 4, JSON.stringify(widths));
	t.deepEqual(complaints, []);
});

test.serial('the keyboard alone opens a row', async (t) => {
	const {page} = await open('keyboard', exampleRun);
	await page.locator('[id="row-hw.scsi.spc4"] > summary').focus();
	await page.keyboard.press('Enter');
	await page.locator('[id="row-hw.scsi.spc4"] table').waitFor();
	t.pass();
});

test.serial('what a hostile guest wrote is text', async (t) => {
	const evil = `${hostile}</script><img src=x onerror=alert(1)>`;
	const log = `first\n${evil.repeat(50)}\nI/O error, dev sda, sector 8\n`;
	await writeFile(path.join(directory, 'console-ttyS0.log'), log);
	const events = [
		start({requirements: [evil, 'a.two'], command: evil, image: {path: evil, bytes: 1, sha256: undefined}}),
		judged(evil, {
			verdict: 'fail',
			reason: evil,
			evidence: [{side: 'guest', what: evil, expected: evil, observed: evil, holds: false}],
			fix: evil,
		}),
		passed('a.two'),
		...exampleRun.flatMap((event) =>
			event.type === 'console-problem'
				? {...event, problem: {...event.problem, line: 'I/O error, dev sda', offset: Buffer.byteLength(log) - 29}}
				: event.type === 'measured'
					? {...event, measurement: {...event.measurement, id: evil, metric: evil, text: evil}}
					: [],
		),
	];
	const {page, url, complaints} = await open('hostile', events, {consoles: directory});
	await page.locator('.line').first().waitFor();
	t.is(await page.locator('main img, main script').count(), 0);
	t.regex((await page.locator('.row > summary').first().textContent()) ?? '', /<script>alert\(1\)<\/script>.*<img/v);
	t.true((await page.locator('.lines').textContent())?.includes('<img src=x onerror=alert(1)>'));
	// The problem is marked, and its link leads to its line.
	await page.goto(`${url}#problem-1`);
	await page.locator('.line.error.target').waitFor();
	t.regex((await page.locator('.line.target').textContent()) ?? '', /error: io-error I\/O error, dev sda, sector 8/v);
	t.deepEqual(complaints, []);
});

test.serial('a console of 100 MB: painted at once, searched, gone through', async (t) => {
	const folder = await mkdtemp(path.join(directory, 'large-'));
	const line = (number: number): string =>
		`[${number}] usb 1-1: new high-speed device number ${number % 127} of many\n`;
	const lines = 1_750_000;
	const log = Array.from({length: lines}, (_, index) => line(index + 1)).join('');
	t.true(log.length > 100e6, String(log.length));
	await writeFile(path.join(folder, 'console-ttyS0.log'), log.replace(line(1_500_000), 'here is the NEEDLE\n'));
	const {page, url, complaints} = await open('large', exampleRun, {consoles: folder, hash: '#console-ttyS0-L900000'});
	await page.locator('.line.target').waitFor();
	t.regex((await page.locator('.line.target').textContent()) ?? '', /\[900000\] usb/v);
	await page.getByLabel('Find').fill('needle');
	const startedAt = performance.now();
	await page.getByRole('button', {name: 'Next'}).click();
	await page.getByText('here is the NEEDLE').waitFor();
	t.log(`search through 600 000 lines: ${(performance.now() - startedAt).toFixed(0)} ms`);
	t.true((await page.locator('.line').count()) < 15_000);
	await page.goto(`${url.replace(/#.*/v, '')}#console-ttyS0-L${lines}`);
	await page.getByText(`[${lines}] usb`).waitFor();
	const ms = await firstPaint(page);
	t.log(`first paint after ${ms.toFixed(0)} ms`);
	t.true(ms < firstPaintMs, String(ms));
	t.deepEqual(complaints, []);
});

test.serial('ten thousand rows are painted at once', async (t) => {
	const ids = Array.from({length: 10_000}, (_, index) => `many.rows.number-${index}`);
	const {page} = await open('many', [start({requirements: ids}), ...ids.map((id) => passed(id))]);
	const ms = await firstPaint(page);
	t.log(`first paint after ${ms.toFixed(0)} ms`);
	t.true(ms < firstPaintMs, String(ms));
	const startedAt = performance.now();
	await page.getByLabel('Rows with the text').fill('number-77');
	t.log(`filtered in ${(performance.now() - startedAt).toFixed(0)} ms`);
	t.is((await shownRows(page)).length, 111);
});

const firstPaint = async (page: Page): Promise<number> =>
	page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity");

test.serial('what is known to fail is told with its day, and leads to its row', async (t) => {
	const issue = {rows: ['hw.scsi.block-size'], reason: 'an old driver', link: 'https://tracker.test/1'};
	const known = [{...issue, id: 'old', until: '2027-01-31', expired: false}];
	const {page, complaints} = await open('known', [{type: 'matrix-cell', at: 1, id: 'a.b.c.d', known}, ...exampleRun]);
	t.is(await page.locator('#known td').count(), 2);
	t.is(await page.locator('#known th[scope=row]').textContent(), '○ known as old until 2027-01-31');
	t.is(await page.locator('#known td').first().textContent(), 'an old driver https://tracker.test/1');
	await page.locator('#known a', {hasText: 'hw.scsi.block-size'}).click();
	const row = page.locator('[id="row-hw.scsi.block-size"]');
	t.is(await row.locator('.mark').textContent(), '○ known');
	t.true(await row.isVisible());
	t.deepEqual(complaints, []);
	await page.close();
});

test.serial('neither page is wider than a telephone', async (t) => {
	const {page} = await open('narrow', exampleRun);
	const matrix = await readMatrix(path.resolve(import.meta.dirname, '../../nightly.yaml'));
	const file = path.join(directory, 'matrix.html');
	const outcomes = cellsOf(matrix).map((cell) => missingOutcome(cell, 'no shard has run it: nobody could reach it'));
	await writeFile(file, matrixHtml(outcomes, {gone: matrix.known, folder: directory}));
	await page.setViewportSize({width: 360, height: 640});
	await page.reload();
	await page.locator('#consoles').waitFor();
	t.is(await page.evaluate('document.documentElement.scrollWidth'), 360);
	await page.goto(pathToFileURL(file).href);
	t.is(await page.evaluate('document.documentElement.scrollWidth'), 360);
	t.true(
		await page
			.locator('.scrolls')
			.first()
			.evaluate(({scrollWidth, clientWidth}) => scrollWidth > clientWidth),
	);
	await page.close();
});
