import path from 'node:path';
import {readFile} from 'node:fs/promises';
import {dir} from 'tmp-promise';
import {monotonicMs} from '../../harness/core/clock.ts';
import {labNetworkOf} from '../../harness/lab/lab-network.ts';
import {defaultMetadata} from '../../harness/lab/metadata/metadata-data.ts';
import {openLab} from '../../harness/lab/open-lab.ts';
import {loadProfile} from '../../harness/profile/load.ts';
import {type OurRun} from './ours.ts';
import {median, row, shown} from './table.ts';

/** Prints the figures of the network lab and of the offloads, from runs of the reference image. */
export const labTable = async (runs: readonly OurRun[]): Promise<void> => {
	const {up, down} = await labTimes(7);
	row('lab up', `${shown(up, 0)} ms`, '≤ 300');
	row('lab down', `${shown(down, 0)} ms`, '≤ 200');
	const requests = (await Promise.all(runs.map(async ({artifacts}) => requestTimes(artifacts)))).flat();
	row('metadata, one request', `${median(requests).toFixed(1)} ms, longest ${Math.max(...requests).toFixed(1)}`, '≤ 5');
	const offloads = runs.map(({durations}) =>
		['checksum', 'tso', 'gro'].reduce((sum, name) => sum + (durations[`offload-${name}`] ?? NaN) / 1000, 0),
	);
	row('the three offload scenarios', `${shown(offloads)} s`, '≤ 30 (TCG), ≤ 10 (KVM)');
	for (const {measured} of runs) {
		for (const {id, metric, value, ci95, samples, text} of measured) {
			const [low, high] = ci95;
			const target = id === 'throughput.tso4' && metric === 'wall-ratio' ? '≥ 2.0; ≥ 30 000 bytes a frame' : '';
			row(
				`${id} ${metric}`,
				`${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}), ${samples.length} pairs`,
				target,
			);
			if (metric === 'wall-ratio') {
				console.log(`  ${text}${id === 'throughput.gro4' ? '   ≥ 10' : ''}`);
			}
		}
	}
};

/** How long the network takes to come and to go, in milliseconds, some times. */
const labTimes = async (times: number): Promise<{readonly up: readonly number[]; readonly down: readonly number[]}> => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-bench-'});
	const network = labNetworkOf(await loadProfile('gce'));
	const metadata = defaultMetadata({...network, hostname: network.hostname});
	const [up, down]: [number[], number[]] = [[], []];
	for (let time = 0; time < times; time++) {
		const startedAt = monotonicMs();
		const lab = await openLab({network, metadata, dnsmasqLog: path.join(directory, 'dnsmasq.log')});
		up.push(monotonicMs() - startedAt);
		const endedAt = monotonicMs();
		await lab[Symbol.asyncDispose]();
		down.push(monotonicMs() - endedAt);
	}

	await cleanup();
	return {up, down};
};

/** Of every request that did not wait for a change. */
const requestTimes = async (artifacts: string): Promise<readonly number[]> => {
	const text = await readFile(path.join(artifacts, 'metadata.jsonl'), 'utf8');
	return text
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => JSON.parse(line) as {readonly path: string; readonly durationMs: number})
		.filter((request) => !request.path.includes('wait_for_change'))
		.map(({durationMs}) => durationMs);
};
