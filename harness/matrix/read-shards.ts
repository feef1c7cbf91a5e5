import {UsageError} from '../core/errors.ts';
import {isSameFile} from '../image/same-file.ts';
import {type MatrixFolder, readMatrixFolder} from './matrix-folder.ts';

/**
 * What directories of shards hold, in their order.
 * @throws UsageError where they hold different matrices, were judged by different versions, or one of them is named twice
 */
export const readShards = async (
	directories: readonly string[],
): Promise<readonly [MatrixFolder, ...(readonly MatrixFolder[])]> => {
	await mustDiffer(directories);
	const [first, ...others] = await Promise.all(directories.map(async (directory) => readMatrixFolder(directory)));
	if (first === undefined) {
		throw new UsageError('There is no directory to merge');
	}

	const [one = ''] = directories;
	for (const [index, {matrix, version}] of others.entries()) {
		const other = directories[index + 1] ?? '';
		if (JSON.stringify(matrix) !== JSON.stringify(first.matrix)) {
			throw new UsageError(`${one} and ${other} do not hold the same matrix`);
		}

		if (version !== first.version) {
			throw new UsageError(`${one} was judged by Bootwright ${first.version}, ${other} by ${version}`, {
				hint: 'The command that made one of them, given again by the version of the other, runs its cells again.',
			});
		}
	}

	return [first, ...others];
};

/** The first two shards that were not cut alike, as indexes. */
export const cutOtherwise = (folders: readonly MatrixFolder[]): readonly [number, number] | undefined => {
	const one = folders.findIndex(({shard}) => shard !== null);
	const other = folders.findIndex(({shard, durations}) => shard !== null && durations !== folders[one]?.durations);
	return other === -1 ? undefined : [one, other];
};

const mustDiffer = async (directories: readonly string[]): Promise<void> => {
	for (const [index, one] of directories.entries()) {
		const later = directories.slice(index + 1);
		const same = await Promise.all(later.map(async (other) => isSameFile(one, other)));
		const other = later[same.indexOf(true)];
		if (other !== undefined) {
			throw new UsageError(`${one} and ${other} are one directory`, {hint: 'Name each shard once.'});
		}
	}
};
