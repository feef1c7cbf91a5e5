import type {IncomingMessage, ServerResponse} from 'node:http';
import {monotonicMs, wallClockMs} from '../../core/clock.ts';

/** One request of the guest, told when it is over. */
export type MetadataRequest = {
	readonly method: string;
	/** As the guest wrote it, query included, at most 2048 characters. Hostile: escape it where it is shown. */
	readonly path: string;
	/** Of the answer; `gone` when the client left, or the server ended, before it had one. */
	readonly status: number | 'gone';
	readonly userAgent: string | undefined;
	/** Milliseconds since the Unix epoch. */
	readonly at: number;
	/** From the headers' end to the answer's last byte; a waiting client's wait is part of it. */
	readonly durationMs: number;
	/** Those that decided: host, metadata-flavor, x-forwarded-for, … by lower-case name, at most 256 characters each. */
	readonly headers: Readonly<Record<string, string>>;
};

/** Tells `onRequest` of a request once its answer is out or its client gone. */
export const logRequest = (
	request: IncomingMessage,
	response: ServerResponse,
	onRequest: (request: MetadataRequest) => void,
): void => {
	const at = wallClockMs();
	const startedAt = monotonicMs();
	response.once('close', () =>
		onRequest({
			method: request.method ?? '',
			path: (request.url ?? '').slice(0, 2048),
			status: response.writableFinished ? response.statusCode : 'gone',
			userAgent: request.headers['user-agent']?.slice(0, longestHeader),
			at,
			durationMs: monotonicMs() - startedAt,
			headers: Object.fromEntries(
				decisive.flatMap((name) => {
					const value = request.headers[name];
					return value === undefined ? [] : [[name, String(value).slice(0, longestHeader)]];
				}),
			),
		}),
	);
};

const longestHeader = 256;
const decisive = ['host', 'metadata-flavor', 'x-google-metadata-request', 'x-forwarded-for', 'content-length'];
