import path from 'node:path';
import {execa} from 'execa';
import {z} from 'zod';
import {type BuiltImage} from '../../harness/image/build.ts';
import {createOverlay} from '../../harness/image/overlay.ts';
import {qemuArguments} from '../../harness/profile/arguments.ts';
import {emulatedProcessor} from '../../harness/profile/emulated-processor.ts';
import {machineFiles} from '../../harness/profile/machine-files.ts';
import {loadProfile} from '../../harness/profile/load.ts';
import {type Accelerator} from '../../harness/qemu/accelerator.ts';
import {type QemuBinary} from '../../harness/qemu/find-qemu.ts';
import {placeFiles} from '../../harness/qemu/place-files.ts';
import {openRunFolder} from '../../harness/runner/run-folder.ts';

const answer = z.object({seconds: z.number()});

/**
 * Seconds to a root shell for the bare pexpect script, on the machine that the harness starts.
 * @param processor without KVM: `max`, which is what a person takes who has not measured any (`emulatedProcessor` otherwise)
 */
export const bareBoot = async (
	image: BuiltImage,
	qemu: QemuBinary,
	{accelerator, processor}: Pick<Accelerator, 'accelerator'> & {readonly processor: string},
): Promise<number> => {
	const {access} = image.manifest;
	if (access.access !== 'credentials') {
		throw new Error(`${image.name} has no password`);
	}

	await using folder = await openRunFolder();
	const overlay = path.join(folder.path, 'overlay.qcow2');
	await createOverlay({qemuImg: qemu.imgPath, candidate: image, path: overlay});
	const profile = await loadProfile('gce');
	await placeFiles(machineFiles(profile), folder.path);
	const args = qemuArguments(profile, {
		accelerator,
		candidate: image,
		overlay: {path: overlay},
		runDirectory: folder.path,
		firmwareLog: path.join(folder.path, 'firmware.log'),
		network: {type: 'user'},
	});
	const job = {
		argv: [
			qemu.path,
			...args
				.filter((argument) => argument !== '-S')
				.map((argument) => (argument === emulatedProcessor ? processor : onStandardIo(argument))),
		],
		cwd: folder.path,
		user: access.user,
		password: access.password,
	};
	const {stdout} = await execa('python3', [path.join(import.meta.dirname, 'bare-boot.py')], {
		input: JSON.stringify(job),
	});
	return answer.parse(JSON.parse(stdout)).seconds;
};

const onStandardIo = (argument: string): string =>
	argument.startsWith('socket,id=ttyS0,') ? 'stdio,id=ttyS0,signal=off' : argument;
