import path from 'node:path';
import {quoteShell} from '../core/shell-quote.ts';
import {qemuArguments} from '../profile/arguments.ts';
import {type QemuRun, inRun} from '../profile/run.ts';
import {gdbSocket} from '../runner/boot-machine.ts';
import {type ResolvedImage} from '../runner/resolve-image.ts';
import {type RunPlan} from '../runner/run-plan.ts';

/** `--dry-run`: the machine, what would be judged on it, and the whole QEMU command, quoted to be copied. */
export const describeDryRun = (
	{candidate, folder}: ResolvedImage & {readonly folder: string},
	{profile, qemu, accelerator, scenarios, requirements, kernel, gdb}: RunPlan,
): string => {
	const run: QemuRun = {
		accelerator: accelerator.accelerator,
		candidate,
		overlay: {path: path.join(folder, 'overlay.qcow2')},
		runDirectory: folder,
		firmwareLog: path.join(folder, 'firmware.log'),
		kernel,
		gdb: gdb === undefined ? undefined : gdbSocket,
		network: {type: 'user'},
	};
	return [
		`image      ${inRun(run, candidate.origin.path)}, ${candidate.bytes} bytes`,
		...(kernel === undefined ? [] : [`kernel     ${kernel.path}`]),
		`machine    ${profile.name}: ${profile.title}, ${profile.vcpus} vCPUs, ${profile.memoryMiB} MiB`,
		`qemu       ${qemu.version.text}, ${accelerator.accelerator}: ${accelerator.reason}`,
		`scenarios  ${scenarios.map(({id}) => id).join(', ')}`,
		`rows       ${requirements.length}`,
		'folder     of the run, made for it and gone with it: what has no path is in there',
		'',
		[qemu.path, ...qemuArguments(profile, run)].map((word) => quoteShell(word)).join(' '),
		'',
	].join('\n');
};
