import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {withDir} from 'tmp-promise';
import {UsageError} from '../../../harness/core/errors.ts';
import {checkReportFiles} from '../../../harness/report/files/report-files.ts';

test('reports may lie in the directory of artifacts that is not there yet, and in no other that is not there', async (t) => {
	await withDir(
		async ({path: place}) => {
			const merged = path.join(place, 'merged');
			const relative = path.relative(process.cwd(), merged);
			await checkReportFiles({junit: path.join(merged, 'junit.xml')}, {artifacts: relative});
			await checkReportFiles({html: path.join(relative, 'index.html')}, {artifacts: `${merged}/`});
			for (const [file, artifacts] of [
				['merged/junit.xml', undefined],
				['other/junit.xml', merged],
				['merged/below/junit.xml', merged],
				['junit.xml/junit.xml', path.join(place, 'junit.xml/other')],
			] as const) {
				await t.throwsAsync(checkReportFiles({junit: path.join(place, file)}, {artifacts}), {
					instanceOf: UsageError,
					message: /^--junit .*junit\.xml cannot be written: ENOENT/v,
				});
			}

			await mkdir(path.join(merged, 'junit.xml'), {recursive: true});
			await t.throwsAsync(checkReportFiles({junit: path.join(merged, 'junit.xml')}, {artifacts: merged}), {
				message: /is a directory$/v,
			});
		},
		{unsafeCleanup: true},
	);
});
