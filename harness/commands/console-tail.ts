import {closeSync, fstatSync, openSync, readSync} from 'node:fs';
import path from 'node:path';
import {textLines} from '../console/text-lines.ts';
import {printable} from '../report/printable.ts';

const tailBytes = 4096;

/**
 * The last line with text on it on the kernel's console of a run that goes on, from the log in its artifacts; empty where there is none yet.
 * What is no printable ASCII is shown as `?`: each character takes one column of a terminal.
 */
export const consoleTail = (artifacts: string): string => {
	let file: number;
	try {
		file = openSync(path.join(artifacts, 'console-ttyS0.log'), 'r');
	} catch {
		return '';
	}

	try {
		const bytes = Buffer.alloc(tailBytes);
		const {size} = fstatSync(file);
		const read = readSync(file, bytes, 0, tailBytes, Math.max(0, size - tailBytes));
		const line = textLines(bytes.subarray(0, read)).at(-1) ?? '';
		return printable(line, 200).replaceAll(/[^ -~]/gv, '?');
	} finally {
		closeSync(file);
	}
};
