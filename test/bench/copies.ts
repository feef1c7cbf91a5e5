import {stat} from 'node:fs/promises';
import {monotonicMs} from '../../harness/core/clock.ts';
import {ensureKernels} from '../../harness/image/build-kernels.ts';
import {memoryOf} from '../../harness/machine/saved/saved-machine.ts';
import {type Accelerator} from '../../harness/qemu/accelerator.ts';
import {openCopies, privateMiB} from '../copies.ts';
import {ourRun} from './ours.ts';
import {median, row, shown} from './table.ts';
import {type VirtmeBoot, hasVirtme, virtmeBoot} from './virtme.ts';

/** Rows that measure time, and those that move megabytes over the network. */
const withoutThroughput = ['--skip', 'throughput.*'];
const withoutNetwork = [...withoutThroughput, '--skip', 'hw.net.*'];

/**
 * Prints what booting once is worth, against the bare boot of the same bench.
 * @param bareSeconds median
 * @returns seconds of a run on a cached machine, all rows, median
 */
export const copiesTable = async (
	bareSeconds: number,
	{accelerator, rounds}: {readonly accelerator: Accelerator; readonly rounds: number},
): Promise<number> => {
	const [kernel] = await ensureKernels(['with-9p'], {onProgress: (line) => console.error(line)});
	const bootImage = kernel?.path ?? '';
	const virtme: VirtmeBoot[] = [];
	const rival = await hasVirtme();
	const arms = {
		cold: ['ref:debian-12', '--fresh'],
		coldQuick: ['ref:debian-12', '--fresh', ...withoutThroughput],
		cached: ['ref:debian-12'],
		cachedQuick: ['ref:debian-12', ...withoutThroughput],
		scsi: ['ref:debian-12', '--only', 'scsi'],
		kernel: ['--kernel', bootImage, ...withoutNetwork],
	} as const;
	const seconds: Record<string, number[]> = {};
	for (let round = 0; round < rounds; round++) {
		for (const [arm, args] of Object.entries(arms)) {
			const {verdictSeconds, totalSeconds} = await ourRun(args);
			(seconds[arm] ??= []).push(arm === 'scsi' || arm === 'kernel' ? verdictSeconds : totalSeconds);
		}

		if (rival) {
			virtme.push(await virtmeBoot(bootImage, accelerator));
		}
	}

	const line = (what: string, arm: keyof typeof arms, share: string, absolute = ''): void => {
		const values = seconds[arm] ?? [];
		row(what, `${shown(values, 2)} s`, absolute);
		row('  ÷ the bare boot', (median(values) / bareSeconds).toFixed(2), share);
	};

	line('cold run, all rows', 'cold', '≤ 2.6');
	line('cold run without throughput', 'coldQuick', '≤ 1.5');
	line('run on a cached machine, all rows', 'cached', '≤ 1.6');
	line('run on a cached machine without throughput', 'cachedQuick', '≤ 0.25');
	line('one scenario on a cached machine, start to verdict', 'scsi', '≤ 0.07', '≤ 1.2 (TCG), ≤ 0.8 (KVM)');
	line('kernel by itself, all rows but the network’s', 'kernel', '', '≤ virtme-ng, uname -r');
	const rivalSeconds = virtme.map(({seconds: one}) => one);
	row('  virtme-ng on the same kernel, uname -r', rival ? `${shown(rivalSeconds, 2)} s` : 'not installed');
	const gaveUp = virtme.find((boot) => boot.gaveUp !== undefined)?.gaveUp;
	if (gaveUp !== undefined) {
		row(`    until it gave up: ${gaveUp}`, '');
	}

	await copyTable();
	return median(seconds['cached'] ?? []);
};

const copyTable = async (): Promise<void> => {
	await using copies = await openCopies('ref:debian-12');
	const ready: number[] = [];
	const memory: number[] = [];
	for (let time = 0; time < 7; time++) {
		const startedAt = monotonicMs();
		await using copy = await copies.open();
		ready.push(monotonicMs() - startedAt);
		await copy.guest.run('uname -r; ls -lR /etc >/dev/null');
		const [pid = 0] = await copies.pids();
		memory.push(await privateMiB(pid));
	}

	row('a copy is ready: first command answered', `${shown(ready, 0)} ms`, '≤ 350 (TCG)');
	row('memory of a copy after some commands', `${shown(memory, 0)} MiB`, '≤ what it dirties + 60');
	const {blocks} = await stat(memoryOf(copies.saved.directory));
	row('saved machine', `${((blocks * 512) / 2 ** 20).toFixed(0)} MiB`, '≤ 300');
};
