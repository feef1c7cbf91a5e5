import {attachTerminal, escapeKey} from '../console/attach-terminal.ts';
import {abortable} from '../core/abortable.ts';
import {GuestError} from '../core/errors.ts';
import {whyNotStarted} from '../image/candidate.ts';
import {createOverlay} from '../image/overlay.ts';
import {startMachine} from '../machine/start.ts';
import {loadProfile} from '../profile/load.ts';
import {chooseAccelerator} from '../qemu/accelerator.ts';
import {findQemu} from '../qemu/find-qemu.ts';
import {referenceImage, resolveImage} from '../runner/resolve-image.ts';
import {openRunFolder} from '../runner/run-folder.ts';
import type {CommandContext} from './command.ts';

type Options = {readonly profile: string; readonly accel: 'auto' | 'kvm' | 'tcg'};

/**
 * `bootwright console [IMAGE]`: the image on the profile's machine, ttyS0 on the terminal, until the escape key, the end of the
 * machine or a signal. Nobody judges: a guest that panics is there to be looked at.
 */
export const run = async (
	context: CommandContext,
	options: Options,
	word: string = referenceImage,
): Promise<number> => {
	const {signal, stderr} = context;
	const profile = await loadProfile(options.profile);
	const qemu = await findQemu(context.env);
	const accelerator = await chooseAccelerator(options.accel, qemu, {signal});
	await using folder = await openRunFolder();
	const onProgress = (line: string): void => void stderr.write(`${line}\n`);
	const {candidate} = await resolveImage(word, {folder: folder.path, onProgress, signal});
	const unfit = whyNotStarted(candidate, profile.firmware);
	if (unfit !== undefined) {
		throw unfit;
	}

	const overlay = `${folder.path}/overlay.qcow2`;
	await createOverlay({qemuImg: qemu.imgPath, candidate, path: overlay, signal});
	await using running = await startMachine({
		profile,
		qemu,
		accelerator,
		run: {candidate, overlay: {path: overlay}, runDirectory: folder.path},
		logDirectory: folder.path,
		// A person is watching: silence is theirs to judge.
		timeoutScale: Infinity,
		boot: {directKernel: false},
		signal,
	});
	const [port] = running.ports;
	if (port === undefined) {
		throw new GuestError('no-way-in', `The machine of profile ${profile.name} has no serial port`);
	}

	stderr.write(`${accelerator.accelerator}: ${accelerator.reason}\n`);
	stderr.write(`${port.name} of ${candidate.origin.path} on this terminal; ${escapeKey} ends the machine.\n`);
	using attached = attachTerminal(context, port);
	await running.start();
	await abortable(Promise.race([attached.left, port.closed]), signal);
	stderr.write('\r\n');
	return 0;
};
