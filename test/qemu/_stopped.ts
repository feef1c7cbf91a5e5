import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {qemuArguments} from '../../harness/profile/arguments.ts';
import {machineFiles} from '../../harness/profile/machine-files.ts';
import {loadProfile} from '../../harness/profile/load.ts';
import type {Profile} from '../../harness/profile/schema.ts';
import {findQemu} from '../../harness/qemu/find-qemu.ts';
import {type QemuProcess, startQemu} from '../../harness/qemu/start-qemu.ts';
import {folder} from './_script.ts';

export type Stopped = {readonly process: QemuProcess; readonly profile: Profile; readonly directory: string};

/** The cloud's machine without a disk, before its first instruction. It goes away with the test. */
export const stoppedMachine = async (
	t: ExecutionContext,
	{name = 'gce', overrides = {}, more = []}: {name?: string; overrides?: unknown; more?: readonly string[]} = {},
): Promise<Stopped> => {
	const directory = await folder(t);
	const profile = await loadProfile(name, {overrides});
	const process = await startQemu({
		binary: await findQemu(),
		arguments: [
			...qemuArguments(profile, {
				accelerator: 'tcg',
				runDirectory: directory,
				firmwareLog: path.join(directory, 'firmware.log'),
				memoryMiB: 128,
				network: {type: 'user'},
			}),
			...more,
		],
		runDirectory: directory,
		files: machineFiles(profile),
		qmpLog: path.join(directory, 'qmp.log'),
	});
	t.teardown(async () => process[Symbol.asyncDispose]());
	return {process, profile, directory};
};
