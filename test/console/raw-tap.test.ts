import {randomBytes} from 'node:crypto';
import test from 'ava';
import {Deadline} from '../../harness/core/deadline.ts';
import {openFakePort} from './_fake-port.ts';

const within = (budgetMs: number, signal?: AbortSignal): Deadline => new Deadline({phase: 'uart', budgetMs, signal});

test('all 256 values, in the order and the number they came, whatever the chunks', async (t) => {
	await using fake = await openFakePort();
	await using tap = fake.port.rawTap();
	const bytes = randomBytes(200_000);
	fake.guest.write(bytes.subarray(0, 1));
	fake.guest.write(bytes.subarray(1));
	t.deepEqual(await tap.take(199_000, within(10_000)), bytes.subarray(0, 199_000));
	t.deepEqual(await tap.take(1, within(10_000)), bytes.subarray(199_000, 199_001));
	t.deepEqual(await tap.take(999, within(10_000)), bytes.subarray(199_001));
	t.is(tap.held(), 0);
});

test('what came before it does not count; what came after it was let go neither', async (t) => {
	await using fake = await openFakePort();
	fake.guest.write('before');
	await fake.port.expect('before', within(10_000));
	{
		await using tap = fake.port.rawTap();
		fake.guest.write('now');
		t.is((await tap.take(3, within(10_000))).toString(), 'now');
	}

	await using later = fake.port.rawTap();
	fake.guest.write('later');
	t.is((await later.take(5, within(10_000))).toString(), 'later');
});

test('too few bytes: how many, where, how long, in which phase', async (t) => {
	await using fake = await openFakePort();
	await using tap = fake.port.rawTap();
	fake.guest.write('four');
	await fake.port.expect('four', within(10_000));
	const error = await t.throwsAsync(tap.take(5, within(100)), {name: 'DeadlineError'});
	t.is(
		error.message.replace(/\d+\.\d s/, 'N s'),
		`4 of 5 bytes on ttyS0 after N s in phase "uart". Log: ${fake.logPath}`,
	);
	t.is((await tap.take(4, within(10_000))).toString(), 'four', 'they are still there');
});

test('ends at once with the signal’s reason, and when the port closes', async (t) => {
	await using fake = await openFakePort();
	await using tap = fake.port.rawTap();
	const abort = new AbortController();
	const waiting = tap.take(1, within(60_000, abort.signal));
	abort.abort(new Error('the guest is dead'));
	await t.throwsAsync(waiting, {message: 'the guest is dead'});
	const other = tap.take(10, within(60_000));
	fake.guest.end('bye');
	await t.throwsAsync(other, {name: 'PortClosedError'});
	t.is((await tap.take(3, within(1000)).catch(String)).toString(), 'bye');
});
