import {diskArguments, extraDiskArguments} from './arguments/disks.ts';
import {machineArguments} from './arguments/machine.ts';
import {networkArguments, rngArguments} from './arguments/network.ts';
import {serialArguments} from './arguments/serial.ts';
import {smbiosArguments} from './arguments/smbios.ts';
import type {QemuRun} from './run.ts';
import type {Profile} from './schema.ts';

/**
 * The whole command line of QEMU for one run of a profile, without the program's name. Pure.
 * QEMU must be started with the run's directory as its working directory: sockets and every path inside that directory
 * are relative to it, because a unix socket's path may have no more than 107 bytes (unix(7)).
 * The files of `machineFiles(profile)` must lie there.
 */
export const qemuArguments = (profile: Profile, run: QemuRun): readonly string[] => [
	...machineArguments(profile, run),
	...smbiosArguments(profile),
	...serialArguments(profile),
	...diskArguments(profile, run),
	...extraDiskArguments(profile, run),
	...networkArguments(profile, run),
	...rngArguments(profile),
];
