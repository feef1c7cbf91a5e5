import nodePath from 'node:path';
import {execa} from 'execa';
import {HostError} from '../core/errors.ts';

export type QemuVersion = {
	readonly major: number;
	readonly minor: number;
	readonly micro: number;
	/** As QEMU says it, with the distribution's suffix. */
	readonly text: string;
};

export type QemuBinary = {readonly path: string; readonly imgPath: string; readonly version: QemuVersion};

/** The first release with the PIIX4 bridge on this machine (`x-south-bridge=piix4-isa`). */
export const oldestQemu = '8.2';

const cure = 'Run harness/setup/setup.sh, or install qemu-system-x86 and qemu-utils (8.2 or newer) yourself.';

/**
 * The QEMU of this host: `$BOOTWRIGHT_QEMU` (a wrapper script must end in `exec`, or QEMU could outlive it), else `qemu-system-x86_64` from the path; `qemu-img` beside it, else from the path.
 * @throws HostError when it is missing, does not run, or is older than 8.2
 */
export const findQemu = async (env: NodeJS.ProcessEnv = process.env): Promise<QemuBinary> => {
	const named = env['BOOTWRIGHT_QEMU'] ?? '';
	// QEMU is started from the run's directory: what is relative to this one would not be found there.
	const path = named.includes('/') ? nodePath.resolve(named) : named || 'qemu-system-x86_64';
	// Both are asked at the same time; what is wrong with QEMU itself is said first.
	const img = findImg(path, env);
	img.catch(() => undefined);
	const version = parseQemuVersion(await firstLine(path, env));
	if (version === undefined) {
		throw new HostError(`${path} did not say its version as QEMU does`, {hint: cure});
	}

	if (version.major < 8 || (version.major === 8 && version.minor < 2)) {
		throw new HostError(
			`${path} is QEMU ${version.text}; ${oldestQemu} is the oldest that has the cloud's PIIX4 ISA bridge`,
			{
				hint: cure,
			},
		);
	}

	return {path, imgPath: await img, version};
};

const findImg = async (qemu: string, env: NodeJS.ProcessEnv): Promise<string> => {
	const beside = qemu.replace(/qemu-system-x86_64([^/]*)$/u, 'qemu-img$1');
	const imgPath = qemu.includes('/') && (await runs(beside, env)) ? beside : 'qemu-img';
	await firstLine(imgPath, env);
	return imgPath;
};

/** "QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2)" → its numbers; undefined for anything else. */
export const parseQemuVersion = (line: string): QemuVersion | undefined => {
	const match = /version (?<text>(?<major>\d+)\.(?<minor>\d+)(?:\.(?<micro>\d+))?)/u.exec(line)?.groups;
	return match === undefined
		? undefined
		: {
				major: Number(match['major']),
				minor: Number(match['minor']),
				micro: Number(match['micro'] ?? 0),
				text: match['text'] ?? '',
			};
};

const firstLine = async (program: string, env: NodeJS.ProcessEnv): Promise<string> => {
	const options = {env, extendEnv: false, stdin: 'ignore', timeout: 20_000, reject: false} as const;
	const result = await execa(program, ['--version'], options);
	const {failed, stdout, stderr, code, shortMessage} = result;
	if (!failed) {
		return stdout.split('\n', 1)[0] ?? '';
	}

	const words = stderr.trim().split('\n').at(-1);
	const what =
		code === 'ENOENT'
			? 'was not found'
			: `does not run: ${words === undefined || words === '' ? shortMessage : `${words} (exit code ${result.exitCode ?? 'unknown'})`}`;
	throw new HostError(`${program} ${what}`, {cause: result, hint: cure});
};

const runs = async (program: string, env: NodeJS.ProcessEnv): Promise<boolean> => {
	try {
		await firstLine(program, env);
		return true;
	} catch {
		return false;
	}
};
