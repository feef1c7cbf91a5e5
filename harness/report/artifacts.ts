import {closeSync, openSync, writeSync} from 'node:fs';
import {chmod, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {wallClockMs} from '../core/clock.ts';
import {HostError, messageOf} from '../core/errors.ts';
import type {RunEvent} from '../core/events.ts';
import {makeRunDirectory} from './run-directory.ts';
import {writeWhole} from './write-whole.ts';

/** The directory that keeps everything about one run. */
export type Artifacts = Disposable & {
	readonly directory: string;
	/** A reporter: appends the event to `events.jsonl` at once, so that the log tells the story also after SIGKILL. */
	readonly record: (event: RunEvent) => void;
	readonly writeResult: (text: string) => Promise<void>;
	/** A file that a scenario leaves, such as captured frames. @throws HostError */
	readonly keep: (name: string, bytes: Uint8Array) => Promise<void>;
	/** `qemu.sh` (qemu-script.ts), executable. */
	readonly writeScript: (text: string) => Promise<void>;
};

/**
 * Opens a new directory for the artifacts of one run.
 * @param options.directory `--artifacts DIR`: gets one directory a run, and the link `latest`; default below the XDG state home
 */
export const openArtifacts = async (options: {
	readonly directory?: string | undefined;
	readonly image: string;
	readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<Artifacts> => {
	const {directory: parent, image, env} = options;
	const directory = await makeRunDirectory({parent, image, env, at: wallClockMs()});
	const log = openSync(path.join(directory, 'events.jsonl'), 'a');
	let open = true;
	return {
		directory,
		record(event) {
			if (!open) {
				return;
			}

			try {
				writeSync(log, `${JSON.stringify(event)}\n`);
			} catch (error) {
				// Once, or the event that tells about this failure would fail as well.
				open = false;
				closeSync(log);
				throw new HostError(`Cannot write ${directory}/events.jsonl: ${messageOf(error)}`, {cause: error});
			}
		},
		writeResult: async (text) => writeWhole(path.join(directory, 'result.json'), text),
		async keep(name, bytes) {
			// A scenario may be the user's own: whatever it names, it lies in this directory.
			const file = path.join(directory, path.basename(name));
			try {
				await writeFile(file, bytes);
			} catch (error) {
				throw new HostError(`Cannot write ${file}: ${messageOf(error)}`, {cause: error});
			}
		},
		async writeScript(text) {
			const file = path.join(directory, 'qemu.sh');
			await writeFile(file, text);
			await chmod(file, 0o755);
		},
		[Symbol.dispose]() {
			if (open) {
				open = false;
				closeSync(log);
			}
		},
	};
};
