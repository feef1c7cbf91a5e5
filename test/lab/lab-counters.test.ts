import {spawn} from 'node:child_process';
import {once} from 'node:events';
import test from 'ava';
import {HostError} from '../../harness/core/errors.ts';
import {parseTapCounters, readTapCounters} from '../../harness/lab/lab-counters.ts';
import {recorded} from '../machine/offload/_recorded.ts';

const text = recorded('net-dev');

test('what the tap received came from the guest', (t) => {
	t.deepEqual(parseTapCounters(text, 'va'), {
		fromGuest: {bytes: 3_003_878, frames: 59},
		toGuest: {bytes: 2890, frames: 43},
	});
	t.deepEqual(parseTapCounters(text, 'lab0'), {
		fromGuest: {bytes: 0, frames: 0},
		toGuest: {bytes: 0, frames: 0},
	});
});

test('a name that only begins alike is another interface; numbers may stand close to the name', (t) => {
	t.is(parseTapCounters(text, 'lab'), undefined);
	t.is(parseTapCounters(text, 'ab0'), undefined);
	t.deepEqual(parseTapCounters('  lab0:12345678901 2 0 0 0 0 0 0 3 4 0 0 0 0 0 0', 'lab0'), {
		fromGuest: {bytes: 12_345_678_901, frames: 2},
		toGuest: {bytes: 3, frames: 4},
	});
});

test('counters of this process’s own network, and of a process that is gone', async (t) => {
	t.true((await readTapCounters(process.pid, 'lo')).fromGuest.bytes >= 0);
	const message = 'The counters of lab0 cannot be read: the lab is gone';
	await t.throwsAsync(readTapCounters(process.pid, 'lab0'), {instanceOf: HostError, message});
	const child = spawn('true');
	await once(child, 'close');
	await t.throwsAsync(readTapCounters(child.pid ?? 0, 'lab0'), {instanceOf: HostError, message});
});
