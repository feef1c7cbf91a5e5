import {randomUUID} from 'node:crypto';
import {type FileHandle, open, unlink} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {execa} from 'execa';
import {Deadline, seconds} from '../core/deadline.ts';
import type {QemuBinary} from './find-qemu.ts';
import {answerPort, answeredExitCode, proofGuest} from './proof-guest.ts';

export type Proof = {readonly proven: true} | {readonly proven: false; readonly reason: string};

/** Under TCG the guest answers within 0.1 s, QEMU's own start included; on a host with six busy processes a core it took 6 s. */
const proofMs = 15_000;

/**
 * Runs a tiny guest that reaches long mode and answers. QEMU itself checks KVM's API version first (accel/kvm/kvm-all.c, kvm_init).
 * @returns what became of it; a broken accelerator is an answer, not an error
 * @throws the signal's reason when it is aborted; the system's error where no temporary file can be written
 */
export const proveAccelerator = async (
	accelerator: 'kvm' | 'tcg',
	qemu: Pick<QemuBinary, 'path'>,
	{signal, budgetMs = proofMs}: {readonly signal?: AbortSignal | undefined; readonly budgetMs?: number} = {},
): Promise<Proof> => {
	signal?.throwIfAborted();
	await using rom = await namelessFile(proofGuest());
	using deadline = new Deadline({phase: 'accelerator', budgetMs, signal});
	const result = await execa('setpriv', ['--pdeathsig', 'KILL', '--', qemu.path, ...proofArguments(accelerator, rom)], {
		reject: false,
		stdin: 'ignore',
		stdout: 'ignore',
		cancelSignal: deadline.signal,
		killSignal: 'SIGKILL',
	});
	signal?.throwIfAborted();
	return judge(result, budgetMs);
};

/** A file that is gone when nobody holds it open any more, so that nothing is left however this ends. */
const namelessFile = async (bytes: Uint8Array): Promise<FileHandle> => {
	const name = path.join(os.tmpdir(), `bootwright-${randomUUID()}`);
	const file = await open(name, 'wx+');
	await unlink(name);
	await file.writeFile(bytes);
	return file;
};

const proofArguments = (accelerator: 'kvm' | 'tcg', rom: FileHandle): readonly string[] => [
	'-machine',
	'pc',
	'-nodefaults',
	'-no-user-config',
	'-display',
	'none',
	'-no-reboot',
	'-m',
	'16',
	'-accel',
	accelerator,
	'-cpu',
	accelerator === 'kvm' ? 'host' : 'max',
	'-bios',
	`/proc/${process.pid}/fd/${rom.fd}`,
	'-device',
	`isa-debug-exit,iobase=0x${answerPort.toString(16)},iosize=1`,
];

type Ended = {
	readonly isCanceled: boolean;
	readonly exitCode?: number | undefined;
	readonly signal?: string | undefined;
	readonly stderr: string;
};

const judge = ({isCanceled, exitCode, signal, stderr}: Ended, budgetMs: number): Proof => {
	if (exitCode === answeredExitCode) {
		return {proven: true};
	}

	if (isCanceled) {
		return {proven: false, reason: `a tiny guest did not answer within ${seconds(budgetMs)}`};
	}

	const how = signal === undefined ? `exit code ${exitCode ?? 'unknown'}` : `killed by ${signal}`;
	const words = stderr.trim().split('\n').at(-1) ?? '';
	return {
		proven: false,
		reason: `a tiny guest gave no answer: QEMU ended (${how})${words === '' ? '' : `: ${words}`}`,
	};
};
