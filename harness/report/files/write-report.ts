import {constants, createWriteStream} from 'node:fs';
import {open, writeFile} from 'node:fs/promises';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {HostError, messageOf} from '../../core/errors.ts';
import {type Text, writeWhole} from '../write-whole.ts';
import {type ReportTarget, reportTarget} from './report-target.ts';

/**
 * Writes a report where a person wants it: a file whole or not at all, at the end of a link too; anything else, such as a FIFO, as it is.
 * @throws HostError
 */
export const writeReport = async (file: string, text: Text): Promise<void> => {
	const target = await reportTarget(file).catch((error: unknown) => {
		throw cannotWrite(file, messageOf(error), error);
	});
	if (target.kind === 'file') {
		await writeWhole(target.path, text);
		return;
	}

	try {
		await writeTo(target, text);
	} catch (error) {
		throw cannotWrite(file, messageOf(error), error);
	}
};

const cannotWrite = (file: string, why: string, cause: unknown): HostError =>
	new HostError(`Cannot write ${file}: ${why}`, {
		cause,
		hint:
			(cause as NodeJS.ErrnoException).code === 'ENXIO'
				? 'Somebody has to read from a FIFO at the end of the run.'
				: undefined,
	});

const writeTo = async (target: Exclude<ReportTarget, {kind: 'file'}>, text: Text): Promise<void> => {
	switch (target.kind) {
		case 'stream': {
			// Never made: where protected_fifos is set, Linux refuses O_CREAT on a FIFO of somebody else (kernel, admin-guide/sysctl/fs).
			// A FIFO that nobody reads is said at once; without O_NONBLOCK the first of these would wait for ever, and no signal would end it.
			await using _reader = await open(target.path, constants.O_WRONLY | constants.O_NONBLOCK);
			await writeFile(target.path, text, {flag: constants.O_WRONLY});
			break;
		}

		case 'output': {
			const pieces = typeof text === 'string' ? [text] : text;
			await pipeline(Readable.from(pieces), createWriteStream('', {fd: target.descriptor, autoClose: false}));
			break;
		}

		case 'none': {
			throw new Error(`it is ${target.what}`);
		}
	}
};
