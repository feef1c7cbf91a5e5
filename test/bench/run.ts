import os from 'node:os';
import {ensureImage} from '../../harness/image/build.ts';
import {chooseAccelerator} from '../../harness/qemu/accelerator.ts';
import {emulatedProcessor} from '../../harness/profile/emulated-processor.ts';
import {findQemu} from '../../harness/qemu/find-qemu.ts';
import {bareBoot} from './bare.ts';
import {type OurRun, ourRun} from './ours.ts';
import {copiesTable} from './copies.ts';
import {labTable} from './lab.ts';
import {matrixTable} from './matrix.ts';
import {packTable} from './pack.ts';
import {reportsTable} from './reports.ts';
import {startUp} from './start-up.ts';
import {median, row, shown} from './table.ts';

/**
 * `npm run bench [-- ROUNDS]`: our figures beside the rival's, in one run on one machine; medians, with all samples.
 * Rounds are interleaved, so that a change of the host's speed hits everybody alike.
 */
const rounds = Number(process.argv[2] ?? 3);
const plain = await ensureImage('debian-12-plain');
await ensureImage('debian-12');
await ensureImage('appliance');
const qemu = await findQemu();
const accelerator = await chooseAccelerator('auto', qemu);
const bare: number[] = [];
const bareOnOurs: number[] = [];
const login: OurRun[] = [];
const inject: OurRun[] = [];
const metadata: OurRun[] = [];
for (let round = 0; round < rounds; round++) {
	bare.push(await bareBoot(plain, qemu, {...accelerator, processor: 'max'}));
	if (accelerator.accelerator === 'tcg') {
		bareOnOurs.push(await bareBoot(plain, qemu, {...accelerator, processor: emulatedProcessor}));
	}

	login.push(await ourRun(['ref:debian-12-plain', '--network', 'user', '--no-copies']));
	inject.push(await ourRun(['ref:debian-12', '--network', 'user', '--access', 'inject', '--no-copies']));
	metadata.push(await ourRun(['ref:debian-12', '--no-copies']));
	console.log(`round ${round + 1} of ${rounds}`);
}

const pick = (runs: readonly OurRun[], key: keyof OurRun): number[] => runs.map((run) => Number(run[key]));

console.log(
	`\nQEMU ${qemu.version.text}, ${accelerator.accelerator}, ${os.availableParallelism()} cores, Node ${process.versions.node}`,
);
const rival = median(bare);
const ratio = (runs: readonly OurRun[]): string => (median(pick(runs, 'shellSeconds')) / rival).toFixed(3);
row('root shell, bare pexpect script, debian-12-plain', `${shown(bare)} s`);
if (bareOnOurs.length > 0) {
	row('  on the processor of the harness, of which no ratio is', `${shown(bareOnOurs)} s`);
}

row('root shell, ours, debian-12-plain by its password', `${shown(pick(login, 'shellSeconds'))} s`);
row('  ours / bare', ratio(login), '≤ 1.05');
row('root shell, ours, debian-12 by injection', `${shown(pick(inject, 'shellSeconds'))} s`);
row('  ours / bare', ratio(inject), '≤ 1.35');
const both = [...login, ...inject];
row('all scenarios', `${shown(pick(both, 'scenarioSeconds'))} s`);
const scenarios = median(pick(both, 'scenarioSeconds'));
row('  share of the bare boot to its shell', (scenarios / rival).toFixed(2), '≤ 0.40 (TCG)');
row('  share of our own boot to its shell', (scenarios / median(pick(both, 'bootSeconds'))).toFixed(2));
row('whole run', `${shown(pick(both, 'totalSeconds'))} s`);
row('peak memory of the harness', `${shown(pick(both, 'peakMiB'), 0)} MiB`, '≤ 200');
row('root shell, ours, debian-12 by metadata', `${shown(pick(metadata, 'shellSeconds'))} s`);
row('whole run with the network lab', `${shown(pick(metadata, 'totalSeconds'))} s`);
await labTable(metadata);
const cellSeconds = await copiesTable(rival, {accelerator, rounds});
await matrixTable(rounds, cellSeconds);
await reportsTable(rounds);
await packTable(rounds);
const starts = await startUp(7);
for (const {way, ms} of starts) {
	row(way, `${shown(ms, 0)} ms`, way.startsWith('node') ? '≤ 300' : '');
}
