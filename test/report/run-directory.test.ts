import {stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {withDir} from 'tmp-promise';
import {HostError, UsageError} from '../../harness/core/errors.ts';
import {makeGivenDirectory, makeMatrixDirectory} from '../../harness/report/run-directory.ts';

test('matrices that begin in the same second have a directory each, for their owner alone', async (t) => {
	await withDir(
		async ({path: state}) => {
			const options = {at: Date.UTC(2026, 0, 2, 3, 4, 5), env: {XDG_STATE_HOME: state}};
			const made = await Promise.all(
				['nightly.yaml', 'a/nightly.yml', 'my nights.yaml'].map(async (file) => makeMatrixDirectory(file, options)),
			);
			t.deepEqual(
				made.map((directory) => path.relative(state, directory)).toSorted((a, b) => a.localeCompare(b, 'en')),
				[
					'bootwright/matrix/20260102T030405Z-my_nights',
					'bootwright/matrix/20260102T030405Z-nightly',
					'bootwright/matrix/20260102T030405Z-nightly-2',
				],
			);
			t.is((await stat(made[0]!)).mode & 0o777, 0o700);
		},
		{unsafeCleanup: true},
	);
});

test('a directory that cannot be made is the fault of who gave it, or of the host', async (t) => {
	await withDir(
		async ({path: place}) => {
			const file = path.join(place, 'file');
			await writeFile(file, '');
			t.throws(() => makeGivenDirectory(path.join(file, 'night')), {
				instanceOf: UsageError,
				message: /^Cannot make the directory .*file\/night: ENOTDIR/v,
			});
			await t.throwsAsync(makeMatrixDirectory('a.yaml', {at: 0, env: {XDG_STATE_HOME: file}}), {
				instanceOf: HostError,
				message: /^Cannot make a directory for artifacts below .*file\/bootwright\/matrix: ENOTDIR/v,
			});
		},
		{unsafeCleanup: true},
	);
});
