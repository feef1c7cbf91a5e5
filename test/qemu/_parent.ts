import path from 'node:path';
import {qemuArguments} from '../../harness/profile/arguments.ts';
import {machineFiles} from '../../harness/profile/machine-files.ts';
import {loadProfile} from '../../harness/profile/load.ts';
import {findQemu} from '../../harness/qemu/find-qemu.ts';
import {startQemu} from '../../harness/qemu/start-qemu.ts';

/** A harness that starts a machine in the directory it is given, says so, and waits to be killed. */
const directory = process.argv[2] ?? '';
const profile = await loadProfile('gce');
const {pid, exited} = await startQemu({
	binary: await findQemu(),
	arguments: qemuArguments(profile, {
		accelerator: 'tcg',
		runDirectory: directory,
		firmwareLog: path.join(directory, 'firmware.log'),
		memoryMiB: 128,
		network: {type: 'user'},
	}),
	runDirectory: directory,
	files: machineFiles(profile),
	qmpLog: path.join(directory, 'qmp.log'),
});
console.log(`started ${pid}`);
await exited;
