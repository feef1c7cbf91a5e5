import {promisify} from 'node:util';
import {gzip} from 'node:zlib';
import {type ConsoleFile, type Consoles, bytesOf} from './console-files.ts';
import {dataBlock} from './data-block.ts';
import {segmentsOf} from './segments.ts';

/** What a page takes of one log: of a longer one the beginning and the end. A browser has to hold the page in memory. */
const mostOfLog = 128 * 1024 * 1024;
/** A record is some 20 bytes, and there is at most one a millisecond. */
const mostOfTiming = 16 * 1024 * 1024;

/** The consoles of a run as data blocks, each packed by itself: a page unpacks what it shows. */
export async function* consoleBlocks(run: number, {files, lack}: Consoles): AsyncGenerator<string> {
	yield dataBlock({class: 'consoles', 'data-run': run}, {lack});
	for (const [index, file] of files.entries()) {
		yield* blocksOf(`${run}-${index}`, run, file);
	}
}

async function* blocksOf(
	id: string,
	run: number,
	{name, port, log, below, bytes, timing}: ConsoleFile,
): AsyncGenerator<string> {
	const isWhole = bytes <= mostOfLog;
	const parts = isWhole
		? [{start: 0, end: bytes}]
		: [
				{start: 0, end: mostOfLog / 2},
				{start: bytes - mostOfLog / 2, end: bytes},
			];
	yield dataBlock(
		{class: 'console', 'data-run': run, id: `console-${id}`},
		{name, port, bytes, file: below, leftOut: isWhole ? 0 : bytes - mostOfLog},
	);
	let line = 1;
	for (const part of parts) {
		const segments = segmentsOf(bytesOf(log, part), {offset: part.start, line});
		for await (const segment of segments) {
			line = segment.line + segment.breaks;
			yield dataBlock(
				{
					class: 'segment',
					'data-console': id,
					'data-offset': segment.offset,
					'data-line': segment.line,
					'data-breaks': segment.breaks,
				},
				await packed(segment.bytes),
			);
		}
	}

	const records = bytesOf(timing, {start: 0, end: mostOfTiming});
	for await (const piece of records) {
		yield dataBlock({class: 'timing', 'data-console': id}, await packed(piece));
	}
}

const compress = promisify(gzip);

const packed = async (bytes: Buffer): Promise<string> => (await compress(bytes)).toString('base64');
