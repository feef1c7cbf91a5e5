import {execa} from 'execa';
import {monotonicMs} from '../../harness/core/clock.ts';
import {loadProfile} from '../../harness/profile/load.ts';
import {type Accelerator} from '../../harness/qemu/accelerator.ts';

/** Whether virtme-ng is installed. */
export const hasVirtme = async (): Promise<boolean> => {
	const {failed} = await execa('vng', ['--version'], {reject: false, stdin: 'ignore'});
	return !failed;
};

/**
 * Seconds for virtme-ng to start a kernel on as many processors and as much memory as our machine has, and to print its release.
 * @throws where it printed something else
 */
export const virtmeBoot = async (kernel: string, {accelerator}: Accelerator): Promise<number> => {
	const {vcpus, memoryMiB} = await loadProfile('gce');
	const machine = ['--cpus', String(vcpus), '--memory', `${memoryMiB}M`, '--force-9p'];
	const startedAt = monotonicMs();
	const run = await execa(
		'vng',
		['--run', kernel, ...machine, ...(accelerator === 'kvm' ? [] : ['--disable-kvm']), '--', 'uname', '-r'],
		{input: '', reject: false, timeout: 300_000},
	);
	const seconds = (monotonicMs() - startedAt) / 1000;
	if (!/^\d+\.\d+\.\d+/m.test(run.stdout)) {
		throw new Error(`virtme-ng printed no release: ${run.stdout}${run.stderr}`);
	}

	return seconds;
};
