import {readdir, writeFile} from 'node:fs/promises';
import test from 'ava';
import {historyFile} from '../../harness/history/history-file.ts';
import {newestRuns} from '../../harness/history/read-runs.ts';
import {bootwright, judge, openPlace} from './_program.ts';

const args = ['ref:probe', '--only', 'hw.pci.*', '--network', 'user'];

test('a run is in the history, unless somebody does not want that; a broken one is a note', async (t) => {
	t.timeout(300_000);
	await using place = await openPlace();
	await judge(place, [...args, '--no-history']);
	t.false((await readdir(place.directory)).includes('state'));
	const run = await judge(place, args);
	const [kept, ...others] = newestRuns(place.env, {});
	t.deepEqual(others, []);
	t.like(kept, {image: 'ref:probe', exitCode: 0, startedAt: run.result.startedAt, sha256: run.result.image.sha256});
	t.is((await bootwright(['compare', run.result.artifacts.directory, 'latest'], {env: place.env})).exitCode, 2);

	await writeFile(historyFile(place.env), 'x'.repeat(8192));
	const broken = await judge(place, args);
	t.is(broken.exitCode, 0);
	t.is(broken.stderr, '');
	t.regex(
		broken.stdout.replaceAll(/\s+/gv, ' '),
		/Notes .*This run is not in the history\. The history .* file is not a database\. Free/v,
	);
});
