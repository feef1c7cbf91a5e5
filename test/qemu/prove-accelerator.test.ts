import {readFile, readdir} from 'node:fs/promises';
import test from 'ava';
import {InterruptedError} from '../../harness/core/errors.ts';
import {proofGuest} from '../../harness/qemu/proof-guest.ts';
import {proveAccelerator} from '../../harness/qemu/prove-accelerator.ts';
import {folder, script} from './_script.ts';

const real = {path: 'qemu-system-x86_64'};

test('the tiny guest answers on a machine that works', async (t) => {
	t.deepEqual(await proveAccelerator('tcg', real), {proven: true});
	t.is(proofGuest().length, 65_536);
});

test('a processor without long mode does not answer', async (t) => {
	const directory = await folder(t);
	const path = await script(
		directory,
		'qemu',
		'for a; do shift; [ "$a" != max ] || a=qemu32; set -- "$@" "$a"; done; exec qemu-system-x86_64 "$@"',
	);
	t.deepEqual(await proveAccelerator('tcg', {path}), {
		proven: false,
		reason: 'a tiny guest gave no answer: QEMU ended (exit code 0)',
	});
});

test('a guest that hangs is given up, and its QEMU is gone', async (t) => {
	const directory = await folder(t);
	const path = await script(directory, 'qemu', `echo $$ >"${directory}/pid"\nexec sleep 1000`);
	t.deepEqual(await proveAccelerator('kvm', {path}, {budgetMs: 300}), {
		proven: false,
		reason: 'a tiny guest did not answer within 0.3 s',
	});
	const pid = Number(await readFile(`${directory}/pid`, 'utf8'));
	t.throws(() => process.kill(pid, 0), {code: 'ESRCH'});
});

test('QEMU that refuses is quoted', async (t) => {
	const directory = await folder(t);
	const path = await script(
		directory,
		'qemu',
		'echo "qemu-system-x86_64: -accel kvm: failed to initialize kvm: kvm version too old" >&2; exit 1',
	);
	t.deepEqual(await proveAccelerator('kvm', {path}), {
		proven: false,
		reason:
			'a tiny guest gave no answer: QEMU ended (exit code 1): qemu-system-x86_64: -accel kvm: failed to initialize kvm: kvm version too old',
	});
});

test('an interruption ends it', async (t) => {
	const directory = await folder(t);
	const path = await script(directory, 'qemu', 'exec sleep 1000');
	const controller = new AbortController();
	const proof = proveAccelerator('kvm', {path}, {signal: controller.signal});
	controller.abort(new InterruptedError('SIGTERM'));
	await t.throwsAsync(proof, {instanceOf: InterruptedError});
});

test('no file is left, not even while it runs', async (t) => {
	const directory = await folder(t);
	const temporary = await folder(t);
	const path = await script(
		directory,
		'qemu',
		`ls -A "${temporary}" >"${directory}/seen"; exec qemu-system-x86_64 "$@"`,
	);
	const before = process.env['TMPDIR'];
	process.env['TMPDIR'] = temporary;
	const proof = proveAccelerator('tcg', {path});
	process.env['TMPDIR'] = before ?? '/tmp';
	t.deepEqual(await proof, {proven: true});
	t.is(await readFile(`${directory}/seen`, 'utf8'), '');
	t.deepEqual(await readdir(temporary), []);
});
