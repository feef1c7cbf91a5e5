import {execa} from 'execa';
import {monotonicMs} from '../../harness/core/clock.ts';
import {loadProfile} from '../../harness/profile/load.ts';
import {type Accelerator} from '../../harness/qemu/accelerator.ts';

/** Whether virtme-ng is installed. */
export const hasVirtme = async (): Promise<boolean> => {
	const {failed} = await execa('vng', ['--version'], {reject: false, stdin: 'ignore'});
	return !failed;
};

export type VirtmeBoot = {
	readonly seconds: number;
	/** Its last words where it printed no release: it takes the host's own files as the guest's, and may miss some (udevd). */
	readonly gaveUp: string | undefined;
};

/** virtme-ng starts a kernel on as many processors and as much memory as our machine has, and prints its release. */
export const virtmeBoot = async (kernel: string, {accelerator}: Accelerator): Promise<VirtmeBoot> => {
	const {vcpus, memoryMiB} = await loadProfile('gce');
	const machine = ['--cpus', String(vcpus), '--memory', `${memoryMiB}M`, '--force-9p', '--verbose'];
	const startedAt = monotonicMs();
	const vng = ['vng', '--run', kernel, ...machine, ...(accelerator === 'kvm' ? [] : ['--disable-kvm'])];
	// It opens what it writes to once more by its name in /proc, which a socket, as Node has for pipes, does not allow.
	const script = '"$@" </dev/null 2>&1 | cat';
	const {stdout} = await execa('sh', ['-c', script, 'sh', ...vng, '--', 'uname', '-r'], {
		reject: false,
		timeout: 300_000,
	});
	const seconds = (monotonicMs() - startedAt) / 1000;
	const words = stdout.split('\n').map((line) => line.trim());
	const gaveUp = words.some((line) => /^\d+\.\d+\.\d+[\w.+-]*$/.test(line))
		? undefined
		: (words.findLast((line) => line.startsWith('virtme-init: ')) ?? words.at(-1) ?? '');
	return {seconds, gaveUp};
};
