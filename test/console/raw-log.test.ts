import {readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {dir} from 'tmp-promise';
import {type HostError} from '../../harness/core/errors.ts';
import {RawLog} from '../../harness/console/raw-log.ts';
import {openFakePort} from './_fake-port.ts';

test('every byte in order, and from which offset on it came when', async (t) => {
	const folder = await dir({unsafeCleanup: true});
	const files = {path: path.join(folder.path, 'log'), timingPath: path.join(folder.path, 'timing')};
	const chunks = ['short ', 'with the one before ', 'later ', 'x'.repeat(100_000), 'after the long one'];
	const times = [1000.5, 1000.9, 1005, 1010.0004, 2500];
	{
		using log = new RawLog({...files, startedAt: 1000, onError: (error) => t.fail(error.message)});
		for (const [index, chunk] of chunks.entries()) {
			log.append(Buffer.from(chunk), times[index] ?? 0);
		}

		log.flush();
		t.is(readFileSync(files.path, 'utf8'), chunks.join(''), 'after a flush');
		log.append(Buffer.from(' end'), 3000);
	}

	t.is(readFileSync(files.path, 'utf8'), `${chunks.join('')} end`);
	t.is(readFileSync(files.timingPath, 'utf8'), '500 0\n5000 26\n10000 32\n1500000 100032\n2000000 100050\n');
	await folder.cleanup();
});

test('a full disk is told once, and ends the log', async (t) => {
	const folder = await dir({unsafeCleanup: true});
	const errors: HostError[] = [];
	const timingPath = path.join(folder.path, 'timing');
	using log = new RawLog({path: '/dev/full', timingPath, startedAt: 0, onError: (error) => void errors.push(error)});
	log.append(Buffer.alloc(64 * 1024), 1);
	log.append(Buffer.alloc(64 * 1024), 2);
	log.flush();
	t.deepEqual(
		errors.map(({name, message}) => `${name}: ${message}`),
		['HostError: Cannot write /dev/full: ENOSPC: no space left on device, write'],
	);
	await folder.cleanup();
});

test('a port whose log cannot be written ends every wait with the reason', async (t) => {
	await using fake = await openFakePort({logPath: '/dev/full'});
	fake.guest.write(Buffer.alloc(64 * 1024));
	const error = await t.throwsAsync(fake.port.closed, {name: 'HostError'});
	t.is(error.message, 'Cannot write /dev/full: ENOSPC: no space left on device, write');
	t.is(fake.port.closing.reason, error);
});

test('a log that cannot be opened is an error of the host', async (t) => {
	await t.throwsAsync(openFakePort({logPath: '/nonexistent/log'}), {
		name: 'HostError',
		message: "Cannot write the console log: ENOENT: no such file or directory, open '/nonexistent/log'",
	});
});
