import {readFileSync} from 'node:fs';
import test from 'ava';
import {Deadline} from '../../harness/core/deadline.ts';
import {openFakePort} from './_fake-port.ts';

const within = (budgetMs: number): Deadline => new Deadline({phase: 'userspace', budgetMs});

test('expect finds text in what came before and in what comes later, and goes on after the match', async (t) => {
	await using fake = await openFakePort();
	fake.guest.write('one two');
	const first = await fake.port.expect('two', within(5000));
	t.like(first, {index: 0, text: 'two', end: 7});
	const second = fake.port.expect([/t[hw]ree (\d+)/, 'never'], within(5000));
	fake.guest.write(' thr\u001B[1');
	fake.guest.write('mee \u001B[0m33\n');
	const result = await second;
	t.is(result.text, 'three 33');
	t.is(result.match[1], '33');
	t.is(result.end, ' thr\u001B[1mee \u001B[0m33'.length + 7);
});

test('a deadline says what, where, how long, in which phase, the last line and the log', async (t) => {
	await using fake = await openFakePort();
	fake.guest.write('[ 42.1] random: crng init done\r\n');
	await fake.port.expect('done', within(5000));
	const error = await t.throwsAsync(fake.port.expect('login:', within(200), {what: 'login prompt'}));
	t.is(
		error.message,
		`No login prompt on ttyS0 after 0.2 s in phase "userspace". Last line: "[ 42.1] random: crng init done". Log: ${fake.logPath}`,
	);
	t.is(error.name, 'DeadlineError');
});

test('expect rejects at once when the port closes or the signal aborts', async (t) => {
	await using fake = await openFakePort();
	const abort = new AbortController();
	const waiting = fake.port.expect('x', new Deadline({phase: 'p', budgetMs: 60_000, signal: abort.signal}));
	abort.abort(new Error('stop'));
	t.is((await t.throwsAsync(waiting)).message, 'stop');
	const other = fake.port.expect('x', within(60_000));
	fake.guest.end('last words');
	t.is((await t.throwsAsync(other)).message, `ttyS0 was closed. Last line: "last words". Log: ${fake.logPath}`);
	await fake.port.closed;
	await t.throwsAsync(fake.port.write('x'), {name: 'PortClosedError'});
});

test('every byte is in the log, with its time', async (t) => {
	await using fake = await openFakePort();
	const bytes = Buffer.from(Array.from({length: 100_000}, (_, index) => index % 256));
	await using tap = fake.port.rawTap();
	fake.guest.write(bytes);
	t.deepEqual(await tap.take(60_000, within(5000)), bytes.subarray(0, 60_000));
	t.deepEqual(await tap.take(40_000, within(5000)), bytes.subarray(60_000));
	fake.port.flush();
	t.deepEqual(readFileSync(fake.logPath), bytes);
	const records = readFileSync(fake.timingPath, 'latin1').trimEnd().split('\n');
	t.regex(records[0] ?? '', /^\d+ 0$/);
	const short = await t.throwsAsync(tap.take(10, within(50)));
	t.is(short.message, `0 of 10 bytes on ttyS0 after 0.1 s in phase "userspace". Log: ${fake.logPath}`);
});
