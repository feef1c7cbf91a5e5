import {chmod, mkdir, open, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {execa} from 'execa';
import {type Place, entry} from './_program.ts';

/** A QEMU that says its version only while a gate is open: a cell before it is at work as long as a test wants. */
export type Gate = {
	readonly env: Readonly<Record<string, string>>;
	readonly close: () => Promise<void>;
	readonly open: () => Promise<void>;
};

export const makeGate = async ({directory}: Place): Promise<Gate> => {
	const closed = path.join(directory, 'closed');
	const qemu = path.join(directory, 'gated-qemu');
	await writeFile(
		qemu,
		`#!/bin/sh\nwhile [ -e '${closed}' ]; do sleep 0.05; done\nexec '${process.env['BOOTWRIGHT_QEMU'] ?? 'qemu-system-x86_64'}' "$@"\n`,
	);
	await chmod(qemu, 0o755);
	return {
		env: {BOOTWRIGHT_QEMU: qemu},
		close: async () => writeFile(closed, ''),
		open: async () => rm(closed, {force: true}),
	};
};

/** Images that a BIOS cannot start: each is a run with artifacts, over in a second. */
export const makeImages = async (directory: string, names: readonly string[]): Promise<void> => {
	await mkdir(directory, {recursive: true});
	for (const [index, name] of names.entries()) {
		await using file = await open(path.join(directory, `${name}.raw`), 'w');
		await file.truncate(2 ** 20);
		// No two have the same digest.
		await file.write(Buffer.from([index]), 0, 1, 4096);
	}
};

export type Started = {
	readonly lines: readonly string[];
	/** The first line that matches, be it there already. */
	readonly line: (wanted: RegExp, count?: number) => Promise<void>;
	readonly kill: (signal: 'SIGKILL' | 'SIGINT' | 'SIGSTOP' | 'SIGCONT') => void;
	readonly ended: Promise<{readonly exitCode: number | undefined; readonly stderr: string; readonly stdout: string}>;
};

/** Starts the real program, and lets a test follow its lines. */
export const start = (
	place: Place,
	args: readonly string[],
	{env = {}, cwd = place.directory}: {readonly env?: Readonly<Record<string, string>>; readonly cwd?: string} = {},
): Started => {
	// Dies with the test, also where that fails in the middle.
	const child = execa('setpriv', ['--pdeathsig', 'KILL', '--', process.execPath, entry, ...args], {
		reject: false,
		stdin: 'ignore',
		env: {...place.env, ...env},
		cwd,
	});
	const lines: string[] = [];
	const changed = new EventTarget();
	for (const input of [child.stdout, child.stderr]) {
		createInterface({input}).on('line', (line) => {
			lines.push(line);
			changed.dispatchEvent(new Event('line'));
		});
	}

	let over = false;
	const ended = child.then(({exitCode, stderr, stdout}) => {
		over = true;
		changed.dispatchEvent(new Event('line'));
		return {exitCode, stderr, stdout};
	});
	return {
		lines,
		async line(wanted, count = 1) {
			while (lines.filter((line) => wanted.test(line)).length < count) {
				if (over) {
					throw new Error(`it ended without ${String(wanted)}: ${lines.join('\n')}`);
				}

				await new Promise((resolve) => {
					changed.addEventListener('line', resolve, {once: true});
				});
			}
		},
		kill: (signal) => child.kill(signal),
		ended,
	};
};

/** A worker with a directory of its own, once it takes cells. */
export const startWorker = async (
	place: Place,
	{
		name,
		url,
		args = [],
		...options
	}: {
		readonly name: string;
		readonly url: string;
		readonly args?: readonly string[];
		readonly env?: Readonly<Record<string, string>>;
		readonly cwd?: string;
	},
): Promise<Started> => {
	const worker = start(
		place,
		['worker', '--queue', url, '--jobs', '1', '--artifacts', path.join(place.directory, name), ...args],
		options,
	);
	await worker.line(/^worker /v);
	return worker;
};
