import {mkdir, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {type Page} from 'playwright-core';
import {wallClockMs} from '../../harness/core/clock.ts';
import {ensureImage} from '../../harness/image/build.ts';
import {openPlace} from './place.ts';
import {castOf, record} from './record.ts';
import {screenSvg} from './screen-svg.ts';
import {takeScreenshots} from './screenshots.ts';

/**
 * `npm run gallery`: makes the pictures of the README anew, by the real program on a machine that is wrong in one way. It takes some ten
 * minutes without KVM. What it shows changes with the host: times, rates, the accelerator.
 */
const target = path.resolve(import.meta.dirname, '../../docs/gallery');
await ensureImage('probe');
await using place = openPlace();
const at = wallClockMs();
const machine = path.join(place.directory, 'candidate.yaml');
const matrix = path.join(place.directory, 'nightly.yaml');
const night = (number: number): readonly string[] => [
	'matrix',
	matrix,
	'--artifacts',
	path.join(place.directory, `night-${number}`),
	'--jobs',
	'1',
	'--html',
	path.join(place.directory, `night-${number}.html`),
];
await writeFile(machine, 'extends: gce\ntitle: as it should be\n');
await writeFile(
	matrix,
	`images: [ref:probe, {image: ref:probe, name: strict-probe, options: {strict: true}}]
profiles: [gce, ${machine}]
sets: [{name: disks, only: [hw.scsi.*]}, {name: kernel, only: [kernel.*]}]
exclude: [{profile: ${machine}, set: kernel}]
known: [{id: modules, match: {image: ref:probe, cell: strict-*}, rows: [kernel.*], reason: drivers are modules there, until: 2999-12-31}]
`,
);
console.log('earlier runs …');
for (let run = 0; run < 4; run++) {
	await place.bootwright([
		'test',
		'ref:probe',
		'--profile',
		machine,
		'--fresh',
		'--only',
		'hw.scsi.*',
		'--reporter',
		'none',
	]);
}

await place.bootwright(night(1));
console.log('the run that is shown …');
// From here on the machine has disks of another block size than the cloud's.
await writeFile(machine, 'extends: gce\ntitle: disks with 512-byte physical blocks\ndisk: {physicalBlockSize: 512}\n');
const recording = await record(place, [
	'test',
	'ref:probe',
	'--profile',
	machine,
	'--only',
	'hw.*',
	'--only',
	'throughput.*',
	'--html',
	path.join(place.directory, 'report.html'),
]);
console.log('the night that is shown …');
await place.bootwright(night(2));

await rm(target, {recursive: true, force: true});
await mkdir(target);
const day = new Date(at).toISOString().slice(0, 10);
const title = `bootwright test on a machine with the wrong disks, ${day}`;
await writeFile(path.join(target, 'run.cast'), castOf(recording, {title, at}));
await writeFile(path.join(target, 'run.svg'), await screenSvg(recording, title));
const report = {page: path.join(place.directory, 'report.html'), hash: '#row-hw.scsi.block-size'};
const opened = {
	...report,
	height: 760,
	ready: async (page: Page) => {
		await page.locator('[id="row-hw.scsi.block-size"] table').waitFor();
		// The row, and its neighbours.
		await page.evaluate('document.querySelector(\'[id="row-hw.scsi.identity"]\').parentElement.scrollIntoView()');
	},
};
await takeScreenshots(
	[
		{...opened, name: 'report-light', scheme: 'light'},
		{...opened, name: 'report-dark', scheme: 'dark'},
		{
			page: report.page,
			name: 'charts',
			scheme: 'light',
			height: 650,
			ready: async (page) => {
				await page.locator('#consoles').waitFor();
				await page.evaluate(
					"[...document.querySelectorAll('figure')].find((one) => one.textContent.startsWith('throughput.tso4 wall')).scrollIntoView()",
				);
			},
		},
		{
			page: report.page,
			hash: '#history',
			name: 'history',
			scheme: 'dark',
			height: 772,
			ready: async (page) => page.locator('#consoles').waitFor(),
		},
		{
			page: path.join(place.directory, 'night-2.html'),
			name: 'matrix',
			scheme: 'light',
			height: 'whole',
			ready: async (page) => page.locator('#changes').waitFor(),
		},
	],
	target,
);
