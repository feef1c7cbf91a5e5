import path from 'node:path';
import {quoteShell} from '../core/shell-quote.ts';
import {qemuArguments} from '../profile/arguments.ts';
import {type ResolvedImage} from '../runner/resolve-image.ts';
import {type RunPlan} from '../runner/run-plan.ts';

/** `--dry-run`: the machine, what would be judged on it, and the whole QEMU command, quoted to be copied. */
export const describeDryRun = (
	{candidate, folder}: ResolvedImage & {readonly folder: string},
	{profile, qemu, accelerator, scenarios, requirements}: RunPlan,
): string => {
	const args = qemuArguments(profile, {
		accelerator: accelerator.accelerator,
		candidate,
		overlay: {path: path.join(folder, 'overlay.qcow2')},
		runDirectory: folder,
		firmwareLog: path.join(folder, 'firmware.log'),
		network: {type: 'user'},
	});
	return [
		`image      ${candidate.origin.path}, ${candidate.bytes} bytes`,
		`machine    ${profile.name}: ${profile.title}, ${profile.vcpus} vCPUs, ${profile.memoryMiB} MiB`,
		`qemu       ${qemu.version.text}, ${accelerator.accelerator}: ${accelerator.reason}`,
		`scenarios  ${scenarios.map(({id}) => id).join(', ')}`,
		`rows       ${requirements.length}`,
		'',
		[qemu.path, ...args].map((word) => quoteShell(word)).join(' '),
		'',
	].join('\n');
};
