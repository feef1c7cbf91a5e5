import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {dir} from 'tmp-promise';
import {watchedFiles} from '../../harness/commands/watched-files.ts';

test('everything that a run is judged by is watched, and nothing that has a name only', async (t) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const inside = (name: string) => path.join(directory, name);
	const options = {
		kernel: inside('bzImage'),
		initrd: inside('initrd.img'),
		config: inside('.config'),
		modules: directory,
		profile: inside('own.yaml'),
		scenario: [inside('own.ts')],
	};
	const {files, folders} = await watchedFiles(options, [inside('a.raw'), 'ref:probe']);
	t.deepEqual(
		files.filter((file) => file.startsWith(directory)).map((file) => path.basename(file)),
		['bzImage', 'initrd.img', '.config', 'own.yaml', 'own.ts', 'a.raw'],
	);
	t.true(files.some((file) => file.endsWith('/scenarios/scsi.ts')));
	t.false(files.some((file) => file.includes('ref:')));
	t.deepEqual(folders, [directory]);
	// Not all of a system that has modules.
	await mkdir(inside('lib/modules/6.1'), {recursive: true});
	await writeFile(inside('lib/modules/6.1/modules.dep'), '');
	t.deepEqual((await watchedFiles(options, [])).folders, [inside('lib/modules')]);
	const named = await watchedFiles({kernel: 'ref:base', profile: 'gce', scenario: []}, []);
	t.false(named.files.some((file) => /gce|base/.test(path.basename(file))));
	t.deepEqual(named.folders, []);
});
