import {once} from 'node:events';
import {randomBytes} from 'node:crypto';
import {type Socket} from 'node:net';
import test from 'ava';
import {Deadline} from '../../../harness/core/deadline.ts';
import {DeadlineError} from '../../../harness/core/errors.ts';
import {PortClosedError} from '../../../harness/console/expect.ts';
import {echoOnPort} from '../../../harness/machine/observe/echo-on-port.ts';
import {openFakePort} from '../../console/_fake-port.ts';

const marks = {begin: '<begin>', end: '<end>'};
const sent = randomBytes(65_536);

/** What the guest gets until it has them all. */
const receive = async (guest: Socket, count: number): Promise<Buffer> => {
	let bytes = Buffer.alloc(0);
	while (bytes.length < count) {
		const [chunk] = (await once(guest, 'data')) as [Buffer];
		bytes = Buffer.concat([bytes, chunk]);
	}

	return bytes;
};

test('nothing is sent before the guest listens; what it sends back is cut at the marks', async (t) => {
	await using fake = await openFakePort();
	using deadline = new Deadline({phase: 'uart', budgetMs: 20_000});
	const echo = echoOnPort(fake.port, {sent, ...marks, deadline, over: new AbortController().signal});
	let early = 0;
	fake.guest.on('data', (chunk) => {
		early += chunk.length;
	});
	for (const words of ['login: ', 'wait ', '<beg']) {
		fake.guest.write(words);
		await fake.port.expect(words, deadline);
	}

	t.is(early, 0);
	fake.guest.write('in>');
	const got = await receive(fake.guest, sent.length);
	t.deepEqual(got, sent);
	for (let at = 0; at < got.length; at += 1000) {
		fake.guest.write(got.subarray(at, at + 1000));
	}

	fake.guest.write('<end>\r\nlogin: ');
	t.deepEqual(await echo, sent);
});

test('when the guest is over, what came so far is the answer', async (t) => {
	await using fake = await openFakePort();
	using deadline = new Deadline({phase: 'uart', budgetMs: 20_000});
	const over = new AbortController();
	const echo = echoOnPort(fake.port, {sent, ...marks, deadline, over: over.signal});
	fake.guest.write('<begin>');
	await receive(fake.guest, sent.length);
	fake.guest.write('some');
	await fake.port.expect('some', deadline);
	over.abort(new DeadlineError('uart', 'over'));
	t.is((await echo).toString(), 'some');

	const never = echoOnPort(fake.port, {sent, ...marks, deadline, over: over.signal});
	t.is((await never).length, 0);
});

test('a port that closes is an error', async (t) => {
	await using fake = await openFakePort();
	using deadline = new Deadline({phase: 'uart', budgetMs: 20_000});
	const echo = echoOnPort(fake.port, {sent, ...marks, deadline, over: new AbortController().signal});
	fake.guest.destroy();
	await t.throwsAsync(echo, {instanceOf: PortClosedError});
});
