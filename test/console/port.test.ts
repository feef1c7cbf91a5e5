import {readFileSync} from 'node:fs';
import test from 'ava';
import {Deadline} from '../../harness/core/deadline.ts';
import {ConsolePort} from '../../harness/console/port.ts';
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
	const error = await t.throwsAsync(fake.port.expect('login:', within(200), {what: 'login prompt'}), {
		name: 'DeadlineError',
	});
	t.is(
		error.message.replace(/\d+\.\d s/, 'N s'),
		`No login prompt on ttyS0 after N s in phase "userspace". Last line: "[ 42.1] random: crng init done". Log: ${fake.logPath}`,
	);
	const unnamed = await t.throwsAsync(fake.port.expect([/a+/, 'b'], within(1)));
	t.regex(unnamed.message, /^No \/a\+\/ or "b" on ttyS0 after /);
});

test('a step of a wait ends with the wait around it, and says whose time is over', async (t) => {
	await using fake = await openFakePort();
	using outer = within(100);
	using inner = outer.within('step', 60_000);
	const error = await t.throwsAsync(fake.port.expect('x', inner), {name: 'DeadlineError'});
	t.regex(error.message, /in phase "(?:userspace|step)"\. Last line: ""/);
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
});

test('two waits at once each see everything; a flood leaves the last lines', async (t) => {
	await using fake = await openFakePort();
	const waits = [fake.port.expect('the end', within(10_000)), fake.port.expect(/line (999)9\r?\n/, within(10_000))];
	fake.guest.write(Array.from({length: 20_000}, (_, index) => `line ${index}\r\n`).join(''));
	fake.guest.write('the end');
	t.is((await waits[1])?.match[1], '999');
	await waits[0];
	t.deepEqual(fake.port.lastLines(3), ['line 19998', 'line 19999', 'the end']);
	t.is(fake.port.lastLine, 'the end');
});

test('a port that nobody listens on is an error of the host, with its path', async (t) => {
	await using fake = await openFakePort();
	const socketPath = `${fake.directory}/nobody.sock`;
	await t.throwsAsync(
		ConsolePort.connect({name: 'ttyS2', socketPath, logPath: `${fake.directory}/l`, timingPath: `${fake.directory}/t`}),
		{
			name: 'HostError',
			message: `Cannot connect to ttyS2 at ${socketPath}: connect ENOENT ${socketPath}`,
		},
	);
});
