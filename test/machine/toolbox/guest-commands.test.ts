import test from 'ava';
import {execa} from 'execa';
import {
	awaitDisk,
	awaitGone,
	forget,
	lookAgain,
	parseDisk,
	parseUnpacked,
	shortOfMemory,
	unpackDisk,
} from '../../../harness/machine/toolbox/guest-commands.ts';

test('every command is a script that a POSIX shell reads', async (t) => {
	const image = {bytes: 17_211_392, unpackerBytes: 1_982_256};
	for (const command of [awaitDisk(8, 100), awaitGone(8, 100), lookAgain(8), forget(8), unpackDisk('sdb', image)]) {
		const {exitCode, stderr} = await execa('sh', ['-n', '-c', command], {reject: false});
		t.is(stderr, '');
		t.is(exitCode, 0, command);
	}
});

test('a disk that never comes is waited for as long as was said', async (t) => {
	const startedAt = performance.now();
	// No target of that number can be on any host: a SCSI target of virtio-scsi has one byte.
	const {exitCode, stdout} = await execa('sh', ['-c', awaitDisk(999, 300)], {reject: false});
	t.is(exitCode, 1);
	t.is(stdout, '');
	t.true(performance.now() - startedAt >= 280);
	t.is((await execa('sh', ['-c', awaitGone(999, 300)])).exitCode, 0);
});

test('what the guest tells of the disk', (t) => {
	t.deepEqual(parseDisk('sdb 33616 20'), {block: 'sdb', sectors: 33_616, waitedCs: 20});
	for (const text of ['', 'sdb', 'sdb  20', 'sdb 33616 20 more', 'sdb x 20']) {
		t.is(parseDisk(text), undefined, text);
	}
});

test('what the guest tells of its contents', (t) => {
	const sha256 = '47'.repeat(32);
	t.deepEqual(parseUnpacked(`${sha256} /dev/bootwright`), {sha256, directory: '/dev/bootwright'});
	for (const text of [
		'',
		sha256,
		`${sha256} dev`,
		`${sha256.slice(1)} /dev/bootwright`,
		`${sha256} /dev/boot wright`,
	]) {
		t.is(parseUnpacked(text), undefined, text);
	}
});

test('a guest that is short of memory gets nothing', async (t) => {
	const huge = unpackDisk('none', {bytes: 2 ** 50, unpackerBytes: 1});
	const {exitCode, stderr} = await execa('sh', ['-c', huge], {reject: false});
	t.is(exitCode, shortOfMemory);
	t.regex(stderr, /^\d+ KiB of memory are free, 2199023271936 are needed$/v);
});
