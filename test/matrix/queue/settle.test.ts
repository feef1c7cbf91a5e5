import {randomBytes} from 'node:crypto';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {dir} from 'tmp-promise';
import {cellsIn, recordOf} from '../_matrix.ts';

const [cell] = cellsIn('images: [/none/a.raw]');
const module = path.resolve(import.meta.dirname, '../../../harness/matrix/queue/settle.ts');

/** As a worker carries them. */
const packed = (contents: ReadonlyArray<readonly [string, Buffer]>): string => {
	const head = contents.map(([name, {length}]) => ({name, bytes: length}));
	const whole = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...contents.map(([, content]) => content)]);
	return gzipSync(whole).toString('base64');
};

/** Settles what a worker sends, in a matrix's directory on a disk of 64 KiB. @returns what is thrown, or the cell's failure */
const settled = async (t: ExecutionContext, files: string): Promise<string> => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const message = {
		type: 'finished',
		job: 'job',
		worker: 'vm-1',
		record: recordOf(cell!),
		place: 'vm:/x',
		left: [],
		files,
	};
	await writeFile(
		path.join(directory, 'given.json'),
		JSON.stringify({
			waiting: {cell, stamp: null},
			message,
			judging: {directory: `${directory}/small`, known: [], today: ''},
		}),
	);
	await writeFile(
		path.join(directory, 'script.ts'),
		`import given from './given.json' with {type: 'json'};
		import {settle} from ${JSON.stringify(module)};
		await settle(given.waiting, given)
			.then((outcome) => console.log(outcome.run.runFailure?.message), (error) => console.log(error.name, error.message, error.hint));`,
	);
	const mount = 'mkdir $0/small && mount -t tmpfs -o size=64k none $0/small && exec $1 $0/script.ts';
	const {stdout} = await execa('unshare', ['-rm', 'sh', '-c', mount, directory, process.execPath]);
	return stdout.replaceAll(directory, '');
};

test('a full disk is the fault of this host, whatever came from a worker', async (t) => {
	t.is(
		await settled(t, packed([['run/events.jsonl', randomBytes(200_000)]])),
		'HostError Cannot write what worker vm-1 sent to /small/cells/a.gce.auto.all: ENOSPC: no space left on device, write It waits on the server of the queue: mend this, and the same command goes on.',
	);
});

test('names that are in the way of each other are the fault of the worker', async (t) => {
	const nothing = Buffer.alloc(0);
	t.regex(
		await settled(
			t,
			packed([
				['a', nothing],
				['a/b', nothing],
			]),
		),
		/^worker vm-1 sent what is no result: (?:EEXIST|ENOTDIR): /v,
	);
});
