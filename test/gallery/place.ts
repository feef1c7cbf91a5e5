import {mkdirSync} from 'node:fs';
import {rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {execa} from 'execa';

/** Always the same, so that the same words stand in every picture. */
const directory = '/tmp/gallery';
/** Inside its clone the program calls itself `npx bootwright`, without a path of this machine. */
const clone = path.resolve(import.meta.dirname, '../..');

/** A place of its own for the runs of the gallery, and nothing of this machine in what they show. */
export type Place = AsyncDisposable & {
	readonly directory: string;
	/** Where the program is run. */
	readonly cwd: string;
	readonly env: Readonly<Record<string, string>>;
	/** What `npx bootwright` runs. */
	readonly command: readonly [string, string];
	/** Runs the program; whatever its exit code is, it has to be one of a run. */
	readonly bootwright: (args: readonly string[]) => Promise<void>;
};

/** @throws where another gallery is being made */
export const openPlace = (): Place => {
	mkdirSync(directory, {mode: 0o700});
	const env = {
		PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`,
		HOME: directory,
		TMPDIR: directory,
		LANG: 'C.UTF-8',
		TERM: 'xterm-256color',
		XDG_STATE_HOME: path.join(directory, 'state'),
		// The images are those of the person.
		XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache'),
	};
	const command = [process.execPath, path.join(clone, 'harness/bootwright.js')] as const;
	return {
		directory,
		cwd: clone,
		env,
		command,
		async bootwright(args) {
			const {exitCode, stderr} = await execa(command[0], [command[1], ...args], {
				cwd: clone,
				env,
				extendEnv: false,
				reject: false,
				stdin: 'ignore',
			});
			if (exitCode !== 0 && exitCode !== 1) {
				throw new Error(`bootwright ${args.join(' ')} ended with ${exitCode ?? 'a signal'}: ${stderr}`);
			}
		},
		[Symbol.asyncDispose]: async () => rm(directory, {recursive: true, force: true}),
	};
};
