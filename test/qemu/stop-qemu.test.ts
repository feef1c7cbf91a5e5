import test from 'ava';
import {stoppedMachine} from './_stopped.ts';

test('QEMU that hears neither its monitor nor SIGTERM is killed', async (t) => {
	const {process: qemu} = await stoppedMachine(t);
	process.kill(qemu.pid, 'SIGSTOP');
	const pending = qemu.qmp.execute('query-status');
	pending.catch(() => undefined);
	await qemu[Symbol.asyncDispose]();
	t.deepEqual(await qemu.exited, {code: undefined, signal: 'SIGKILL', lastWords: ''});
	await t.throwsAsync(pending, {
		message: 'The QMP connection was closed by the harness',
	});
});

test('ending it twice is harmless', async (t) => {
	const {process: qemu} = await stoppedMachine(t);
	await qemu[Symbol.asyncDispose]();
	await t.notThrowsAsync(async () => qemu[Symbol.asyncDispose]());
});
