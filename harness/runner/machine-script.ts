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
	readonly origin: Candidate['origin'];
};

/** `qemu.sh` of a run. */
export const machineScript = (plan: RunPlan, {run, logDirectory, access, inLab, origin}: Run): string => {
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
		unpack:
			origin.kind === 'archive'
				? String.raw`tar --extract --gzip --sparse --file=${quoteShell(origin.path)} --transform='s,^\./,,' --wildcards '*disk.raw'`
				: undefined,
		differences: [
			'its overlay is a new one, without what the guest wrote in the run',
			...(inLab ? ["the network is QEMU's own: no metadata server, no offloads"] : []),
			...(access.injectFirst ? ['no root shell was added to the overlay'] : []),
		],
	});
};

/** Leaves `qemu.sh` among the artifacts. */
export const writeScript = async (
	{plan, run, artifacts, candidate}: RunContext,
	how: Pick<Run, 'access' | 'inLab'>,
): Promise<void> =>
	artifacts.writeScript(
		machineScript(plan, {...how, run, logDirectory: artifacts.directory, origin: candidate.origin}),
	);
