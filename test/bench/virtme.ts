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
	const {stdout, stderr} = await execa(
		'vng',
		['--run', kernel, ...machine, ...(accelerator === 'kvm' ? [] : ['--disable-kvm']), '--', 'uname', '-r'],
		{input: '', reject: false, timeout: 300_000},
	);
	const seconds = (monotonicMs() - startedAt) / 1000;
	const words = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim());
	const gaveUp = words.some((line) => /^\d+\.\d+\.\d+[\w.+-]*$/.test(line))
		? undefined
		: (words.findLast((line) => line.startsWith('virtme-init: ')) ?? 'no word of its init');
	return {seconds, gaveUp};
};
