import {createHash} from 'node:crypto';
import {readFile, readdir, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {inByteOrder} from '../../image/build/in-byte-order.ts';
import {
	aboutOf,
	bootLogsOf,
	checkOf,
	diskOf,
	emptyOverlayOf,
	memoryOf,
	stateOf,
} from '../../machine/saved/saved-machine.ts';

const listPath = (directory: string): string => path.join(directory, 'digests.json');

/** All files that a run reads but the memory, whose pieces `checkOf` holds; that list is one of them. The logs of the boot become its artifacts. */
const filesOf = async (directory: string): Promise<readonly string[]> => [
	stateOf(directory),
	diskOf(directory),
	emptyOverlayOf(directory),
	checkOf(directory),
	aboutOf(directory),
	...(await readdir(bootLogsOf(directory))).toSorted(inByteOrder).map((name) => path.join(bootLogsOf(directory), name)),
];

/** Writes down what the files of a finished entry hold. */
export const digestFiles = async (directory: string): Promise<void> =>
	writeFile(listPath(directory), JSON.stringify(await digests(directory)));

/** Whether they hold it still. @throws where one cannot be read */
export const filesMatch = async (directory: string): Promise<boolean> =>
	(await readFile(listPath(directory), 'utf8')) === JSON.stringify(await digests(directory));

const digests = async (directory: string): Promise<unknown> => ({
	memoryBytes: (await stat(memoryOf(directory))).size,
	files: await Promise.all(
		(await filesOf(directory)).map(async (file) => [
			path.relative(directory, file),
			createHash('sha256')
				.update(await readFile(file))
				.digest('hex'),
		]),
	),
});
