import {UsageError} from '../../core/errors.ts';

export type QueueAddress = {
	/** With what is secret in it. */
	readonly url: string;
	/** For people: host and port alone. */
	readonly shown: string;
};

/**
 * Reads `redis://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE]`; `rediss://` is the same by TLS.
 * The password of the environment counts where the address has none: a command line is for all to see (ps(1)).
 * @throws UsageError, which does not repeat the address
 */
export const queueAddress = (text: string, env: Readonly<Record<string, string | undefined>>): QueueAddress => {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url === undefined || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') {
		throw new UsageError('The address of the queue is none', {
			hint: 'It is redis://HOST:6379, or rediss://HOST:6379 for TLS.',
		});
	}

	const password = env['BOOTWRIGHT_QUEUE_PASSWORD'] ?? '';
	if (url.password === '' && password !== '') {
		url.password = encodeURIComponent(password);
	}

	const port = url.port === '' ? '6379' : url.port;
	return {url: url.href, shown: `${url.protocol}//${url.hostname}:${port}${url.pathname.replace(/^\/$/v, '')}`};
};
