import {type Judgement} from '../../harness/core/verdict.ts';
import {monotonicMs} from '../../harness/core/clock.ts';
import {namespacePath} from '../../harness/machine/offload/link-state.ts';
import {type ProbeMachine} from './_probe-machine.ts';
import {runScenarios} from './_run-scenarios.ts';

/** How a guest loses its interface, and when: as soon as so many bytes went one way while an offload is tested. */
export type Loss = {
	readonly how: 'down' | 'removed';
	readonly counter: 'received' | 'sent';
	readonly afterBytes: number;
};

/** Runs the TSO scenario on a guest that waits for its moment in the background. */
export const judgeWhileLosing = async (
	probe: ProbeMachine,
	{how, counter, afterBytes}: Loss,
): Promise<{readonly rows: ReadonlyMap<string, Judgement>; readonly ms: number}> => {
	const {guest} = probe;
	const [ip, busybox] = [await guest.tool('ip'), await guest.tool('busybox')];
	const enter = `${busybox} nsenter -F -n${namespacePath}`;
	// Columns of /proc/net/dev (net/core/net-procfs.c).
	const bytes = `${enter} ${busybox} awk '$1 == "ens4:" {print $${counter === 'received' ? 2 : 10}}' /proc/net/dev`;
	const lose =
		how === 'down' ? `${enter} ${ip} link set ens4 down` : 'echo 1 >/sys/bus/pci/devices/0000:00:04.0/remove';
	await guest.run(
		`(until n=$(${bytes}) && [ "\${n:-0}" -gt ${afterBytes} ]; do ${busybox} usleep 20000; done; ${lose}) </dev/null >/dev/null 2>&1 &`,
	);
	const startedAt = monotonicMs();
	const {rows} = await runScenarios(probe, {ids: /^offload-tso/v, selected: ['hw.net.tso4', 'throughput.tso4']});
	return {rows, ms: monotonicMs() - startedAt};
};
