import {createReadStream} from 'node:fs';
import {readdir, stat} from 'node:fs/promises';
import path from 'node:path';
import {messageOf} from '../../core/errors.ts';
import {portNames} from '../../core/events.ts';
import {printable} from '../printable.ts';

/** The log of a port that lies among a run's artifacts. */
export type ConsoleFile = {
	/** `ttyS0`, or `ttyS0 of scsi` for the copy of the booted machine that this scenario had. */
	readonly name: string;
	readonly port: string;
	readonly log: string;
	/** Of the log, below the run's directory: wherever that lies, the page is the same. */
	readonly below: string;
	readonly bytes: number;
	/** When its bytes came (harness/console/raw-log.ts). */
	readonly timing: string;
};

/** The consoles of a run, or why there are none: a report without them is still a report. */
export type Consoles = {readonly files: readonly ConsoleFile[]; readonly lack: string};

/** @param directories of the run's artifacts; the first that has a console is taken */
export const findConsoles = async (directories: readonly string[]): Promise<Consoles> => {
	let lack = 'the run has no artifacts';
	let isThere = false;
	for (const directory of directories) {
		try {
			const files = await consolesIn(directory);
			if (files.length > 0) {
				return {files, lack: ''};
			}

			isThere = true;
		} catch (error) {
			lack = messageOf(error);
		}
	}

	return {files: [], lack: isThere ? 'no console log among the artifacts of the run' : printable(lack, 2000)};
};

const consolesIn = async (directory: string): Promise<readonly ConsoleFile[]> => {
	const copies = await readdir(path.join(directory, 'copies')).catch(() => []);
	const places = [
		{folder: '', suffix: ''},
		...copies
			.toSorted((one, other) => one.localeCompare(other, 'en'))
			.map((copy) => ({folder: path.join('copies', copy), suffix: ` of ${copy}`})),
	];
	const files = await Promise.all(places.map(async ({folder, suffix}) => portsIn(directory, {folder, suffix})));
	return files.flat();
};

const portsIn = async (
	directory: string,
	{folder, suffix}: {readonly folder: string; readonly suffix: string},
): Promise<readonly ConsoleFile[]> => {
	const names = new Set(await readdir(path.join(directory, folder)));
	const there = portNames.filter((port) => names.has(`console-${port}.log`));
	return Promise.all(
		there.map(async (port) => {
			const below = path.join(folder, `console-${port}.log`);
			const log = path.join(directory, below);
			const {size} = await stat(log);
			return {
				name: `${port}${suffix}`,
				port,
				log,
				below,
				bytes: size,
				timing: path.join(directory, folder, `console-${port}.timing`),
			};
		}),
	);
};

/** Bytes of a file, in pieces; nothing where it cannot be read any more. */
export async function* bytesOf(file: string, {start, end}: {readonly start: number; readonly end: number}) {
	if (end > start) {
		try {
			yield* createReadStream(file, {start, end: end - 1, highWaterMark: 256 * 1024}) as AsyncIterable<Buffer>;
		} catch {
			// Who tidies artifacts away while a report is written gets what was there.
		}
	}
}
