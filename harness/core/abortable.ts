/**
 * The promise, or the signal's reason if that comes first. What the promise was doing goes on; only the wait ends.
 * @throws whatever the promise throws, or the signal's reason
 */
export const abortable = async <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> => {
	const {promise: aborted, reject} = Promise.withResolvers<never>();
	const abort = (): void => reject(signal.reason as Error);
	signal.addEventListener('abort', abort, {once: true});
	if (signal.aborted) {
		abort();
	}

	try {
		return await Promise.race([promise, aborted]);
	} finally {
		signal.removeEventListener('abort', abort);
	}
};
