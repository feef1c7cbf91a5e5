import {constants, copyFile} from 'node:fs/promises';
import path from 'node:path';
import {type AccessPlan} from '../access/plan-access.ts';
import {quoteShell} from '../core/shell-quote.ts';
import {type Candidate} from '../image/candidate.ts';
import {qemuArguments} from '../profile/arguments.ts';
import {machineFiles} from '../profile/machine-files.ts';
import {type QemuRun} from '../profile/run.ts';
import {qemuScript} from '../report/qemu-script.ts';
import {type RunContext} from './run-image.ts';
import {type RunPlan} from './run-plan.ts';

type Run = {
	readonly run: Omit<QemuRun, 'accelerator' | 'firmwareLog' | 'network'>;
	readonly logDirectory: string;
	readonly access: Pick<AccessPlan, 'injectFirst'>;
	/** The run's guest was in a lab. */
	readonly inLab: boolean;
	readonly candidate: Pick<Candidate, 'origin' | 'bytes'>;
};

/** `qemu.sh` of a run. */
export const machineScript = (plan: RunPlan, {run, logDirectory, access, inLab, candidate}: Run): string => {
	const whole: QemuRun = {
		...run,
		// Whoever runs the script has no lab.
		network: {type: 'user'},
		accelerator: plan.accelerator.accelerator,
		firmwareLog: path.join(logDirectory, 'firmware.log'),
	};
	return qemuScript({
		profile: plan.profileName,
		run: whole,
		arguments: qemuArguments(plan.profile, whole),
		files: machineFiles(plan.profile),
		binary: plan.qemu,
		program: {
			node: process.execPath,
			entry: path.resolve(import.meta.dirname, '../bootwright.js'),
		},
		makeDisk: diskMaker(candidate),
		differences: [
			'its overlay is a new one, without what the guest wrote in the run',
			...(inLab ? ["the network is QEMU's own: no metadata server, no offloads"] : []),
			...(access.injectFirst ? ['no root shell was added to the overlay'] : []),
		],
	});
};

/** Of a disk that lies in the run's folder, which is gone at its end. */
const diskMaker = ({origin, bytes}: Pick<Candidate, 'origin' | 'bytes'>): string | undefined => {
	switch (origin.kind) {
		case 'archive': {
			return String.raw`tar --extract --gzip --sparse --file=${quoteShell(origin.path)} --transform='s,^\./,,' --wildcards '*disk.raw'`;
		}

		case 'empty': {
			return `truncate --size ${bytes} ${quoteShell(path.basename(origin.path))}`;
		}

		case 'raw': {
			return undefined;
		}
	}
};

/** Leaves `qemu.sh` among the artifacts, with what it needs of the run's folder. */
export const writeScript = async (
	{plan, run, artifacts, candidate}: RunContext,
	how: Pick<Run, 'access' | 'inLab'>,
): Promise<void> => {
	const {directory} = artifacts;
	const kept = await keepInitrd(run, directory);
	await artifacts.writeScript(machineScript(plan, {...how, run: kept, logDirectory: directory, candidate}));
};

/** A ramdisk that was put together for the run. */
const keepInitrd = async (run: Run['run'], directory: string): Promise<Run['run']> => {
	const {kernel, runDirectory} = run;
	if (kernel?.initrd === undefined || path.dirname(kernel.initrd) !== runDirectory) {
		return run;
	}

	const initrd = path.join(directory, path.basename(kernel.initrd));
	await copyFile(kernel.initrd, initrd, constants.COPYFILE_FICLONE);
	return {...run, kernel: {...kernel, initrd}};
};
