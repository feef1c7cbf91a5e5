import {Worker} from 'node:worker_threads';

/**
 * Has a thread of its own do one thing, for which it posts one message; it is ended with the answer, and with the wait.
 * @throws what the thread throws; the signal's reason
 */
export const askWorker = async <Answer>(module: URL, workerData: unknown, signal?: AbortSignal): Promise<Answer> => {
	signal?.throwIfAborted();
	await using worker = new Worker(module, {workerData});
	const {promise, resolve, reject} = Promise.withResolvers<Answer>();
	const onAbort = (): void => reject(signal?.reason);
	signal?.addEventListener('abort', onAbort, {once: true});
	worker.on('message', (answer: Answer) => resolve(answer));
	worker.on('error', reject);
	try {
		return await promise;
	} finally {
		signal?.removeEventListener('abort', onAbort);
	}
};
