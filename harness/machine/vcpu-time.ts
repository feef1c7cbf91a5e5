import {readFile} from 'node:fs/promises';
import {z} from 'zod';
import {HostError} from '../core/errors.ts';

type Qmp = (command: string, args?: Readonly<Record<string, unknown>>) => Promise<unknown>;

const cpus = z.array(z.object({'thread-id': z.int().positive()})).min(1);

/**
 * Reads the processor time, in milliseconds, that the emulator's threads for the virtual processors have used so far, guest and
 * emulation together. First number of schedstat: nanoseconds on a processor (Documentation/scheduler/sched-stats.rst).
 * @throws HostError where QEMU or the kernel does not tell
 */
export const vcpuClock = async (qmp: Qmp): Promise<() => Promise<number>> => {
	const answer = cpus.safeParse(await qmp('query-cpus-fast'));
	if (!answer.success) {
		throw new HostError(`QEMU's answer to query-cpus-fast is not understood: ${z.prettifyError(answer.error)}`);
	}

	const threads = answer.data.map((cpu) => cpu['thread-id']);
	return async () => {
		const texts = await Promise.all(
			threads.map(async (thread) => readFile(`/proc/${thread}/schedstat`, 'utf8').catch(() => '')),
		);
		const times = texts.map((text) => Number(text.split(' ')[0]) / 1e6);
		if (times.some((time) => !(time > 0))) {
			throw new HostError(
				'The processor time of a virtual processor cannot be read: QEMU is gone, or the host has no CONFIG_SCHED_INFO',
			);
		}

		return times.reduce((sum, time) => sum + time, 0);
	};
};
