import {readFile} from 'node:fs/promises';
import test from 'ava';
import {HostError} from '../../harness/core/errors.ts';
import {vcpuClock} from '../../harness/machine/vcpu-time.ts';

const answering =
	(threads: readonly unknown[]) =>
	async (command: string): Promise<unknown> => {
		if (command !== 'query-cpus-fast') {
			throw new Error(`asked for ${command}`);
		}

		return threads.map((thread, index) => ({'cpu-index': index, 'thread-id': thread, target: 'x86_64'}));
	};

/** Uses a processor for so long. */
const burn = (ms: number): void => {
	const end = process.cpuUsage().user + ms * 1000;
	while (process.cpuUsage().user < end);
};

test.serial('the time of the named threads, in milliseconds, and added up', async (t) => {
	// The number of a process is that of its first thread, which runs this test.
	const one = await vcpuClock(answering([process.pid]));
	const two = await vcpuClock(answering([process.pid, process.pid]));
	const before = await one();
	burn(60);
	const used = (await one()) - before;
	t.true(used >= 50 && used < 1000, String(used));
	const [single, double] = [await one(), await two()];
	t.true(double >= 2 * single && double < 2 * single + 500, `${single} ${double}`);
	t.regex(await readFile(`/proc/${process.pid}/schedstat`, 'utf8'), /^\d+ \d+ \d+\n$/v);
});

test('processors that QEMU does not name, and threads that are gone, are the host’s fault', async (t) => {
	const none = await t.throwsAsync(vcpuClock(answering([])), {instanceOf: HostError});
	t.regex(none.message, /^QEMU's answer to query-cpus-fast is not understood: /v);
	await t.throwsAsync(vcpuClock(answering(['7'])), {instanceOf: HostError});
	const gone = await vcpuClock(answering([2 ** 22 + 1]));
	await t.throwsAsync(gone(), {
		instanceOf: HostError,
		message:
			'The processor time of a virtual processor cannot be read: QEMU is gone, or the host has no CONFIG_SCHED_INFO',
	});
});
