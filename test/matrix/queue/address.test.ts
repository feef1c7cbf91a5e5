import test from 'ava';
import {UsageError} from '../../../harness/core/errors.ts';
import {queueAddress} from '../../../harness/matrix/queue/address.ts';

test('people see host and port of a queue, and nothing secret', (t) => {
	t.deepEqual(queueAddress('redis://user:secret@queue.test', {}), {
		url: 'redis://user:secret@queue.test',
		shown: 'redis://queue.test:6379',
	});
	t.is(queueAddress('rediss://queue.test:1234/2?password=secret', {}).shown, 'rediss://queue.test:1234/2');
});

test('the password of the environment counts where the address has none', (t) => {
	const env = {BOOTWRIGHT_QUEUE_PASSWORD: 'a/b c'};
	t.is(queueAddress('redis://queue.test', env).url, 'redis://:a%2Fb%20c@queue.test');
	t.is(queueAddress('redis://:own@queue.test', env).url, 'redis://:own@queue.test');
});

test('what is no address is refused, and not repeated', (t) => {
	for (const text of ['', 'secret', 'http://user:secret@queue.test', 'redis:', '127.0.0.1:6379']) {
		const error = t.throws(() => queueAddress(text, {}), {
			instanceOf: UsageError,
			message: 'The address of the queue is none',
		});
		t.false(error.hint?.includes('secret'));
	}
});
