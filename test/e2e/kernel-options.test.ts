import path from 'node:path';
import {execa} from 'execa';
import test from 'ava';
import {ensureImage} from '../../harness/image/build.ts';
import {bootwright, entry, judge, leftBehind, openPlace} from './_program.ts';

test('--repeat tells of kernels that panic, also when somebody has seen enough of it', async (t) => {
	t.timeout(300_000);
	await using place = await openPlace();
	const kernel = path.join((await ensureImage('probe')).directory, 'vmlinuz');
	const panics = ['--kernel', kernel, '--append', 'rdinit=/none', '--only', 'hw.scsi.identity'];
	const child = execa(process.execPath, [entry, 'test', ...panics, '--repeat', '20', '--artifacts', place.artifacts], {
		reject: false,
		stdin: 'ignore',
		env: place.env,
	});
	let shown = '';
	let interrupted = false;
	child.stdout.on('data', (text: Buffer) => {
		shown += text.toString();
		// In the second round.
		if (!interrupted && /0 errors[^]*\n {2}kernel /.test(shown)) {
			interrupted = child.kill('SIGINT');
		}
	});
	const {stdout, exitCode} = await child;
	t.is(exitCode, 130);
	t.true(
		stdout.endsWith('\n\nRepeated 1 of 20 times\n  the guest failed in 1 of 1 runs (95 %: 21 to 100 %); panic 1'),
		stdout.slice(-500),
	);
	t.deepEqual(await leftBehind(place), []);
});

test('--on-fail shell says that nobody is there to take it, and goes on', async (t) => {
	await using place = await openPlace();
	const args = ['ref:probe', '--network', 'user', '--strict', '--only', 'kernel.VIRTIO_NET', '--on-fail', 'shell'];
	const {stdout, exitCode} = await judge(place, args);
	t.is(exitCode, 1);
	t.regex(stdout, /No shell is offered in a guest that fails \(--on-fail shell\): /);
});

test('--dry-run prints the kernel, its ramdisk and its words, and no path of what is gone by then', async (t) => {
	await using place = await openPlace();
	const {directory} = await ensureImage('probe');
	const kernel = path.join(directory, 'vmlinuz');
	const args = ['test', '--kernel', kernel, '--append', 'foo bar', '--gdb', '--dry-run'];
	const {stdout, exitCode} = await bootwright(args, {env: place.env});
	t.is(exitCode, 0);
	t.true(stdout.startsWith(`image      empty.raw, 16777216 bytes\nkernel     ${kernel}\n`), stdout);
	t.regex(stdout, new RegExp(String.raw` -kernel ${kernel} -initrd ${directory}/initrd\.img -append '[^']* foo bar' `));
	t.regex(stdout, / -chardev socket,id=gdb,path=gdb\.sock,server=on,wait=off -gdb chardev:gdb /);
	t.false(stdout.includes(place.temporary));
});
