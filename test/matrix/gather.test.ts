import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {dir} from 'tmp-promise';
import {cellDirectory} from '../../harness/matrix/records.ts';
import {cellsIn, leaveCell, matrixOf, recordOf} from './_matrix.ts';

const text = 'images: [ref:a]';
const [cell] = cellsIn(text);
const module = path.resolve(import.meta.dirname, '../../harness/matrix/gather.ts');

test('a full disk is the fault of the host', async (t) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	await leaveCell(directory, recordOf(cell!), []);
	await writeFile(path.join(cellDirectory(directory, cell!.id), 'run/large'), Buffer.alloc(200_000));
	const folder = {version: '0.1.0', matrix: matrixOf(text), shard: null, durations: null};
	await writeFile(path.join(directory, 'folder.json'), JSON.stringify(folder));
	await writeFile(
		path.join(directory, 'script.ts'),
		`import folder from './folder.json' with {type: 'json'};
		import {gather} from ${JSON.stringify(module)};
		await gather(new Map([['${cell!.id}', '${directory}']]), {to: '${directory}/small', folder})
			.catch((error) => console.log(error.name, error.message, error.hint));`,
	);
	const mount = 'mkdir $0/small && mount -t tmpfs -o size=64k none $0/small && exec $1 $0/script.ts';
	const {stdout} = await execa('unshare', ['-rm', 'sh', '-c', mount, directory, process.execPath]);
	t.regex(
		stdout.replaceAll(directory, ''),
		/^HostError Cannot write \/small\/cells\/a\.gce\.auto\.all: ENOSPC: no space left on device, .* Free some space there, or give another place with --artifacts DIR\.$/v,
	);
});
