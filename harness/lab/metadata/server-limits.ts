import type {IncomingMessage, Server, ServerOptions, ServerResponse} from 'node:http';
import type {Socket} from 'node:net';

/** What a guest may ask of the host. */
export const limits: ServerOptions = {
	// Request line and headers together; Node answers 431 above.
	maxHeaderSize: 16 * 1024,
	headersTimeout: 10_000,
	// A body of 256 KiB takes a guest under TCG far less.
	requestTimeout: 20_000,
	connectionsCheckingInterval: 1000,
	keepAliveTimeout: 60_000,
	// A client that waits for a change and vanishes without a word.
	keepAlive: true,
	keepAliveInitialDelay: 30_000,
	noDelay: true,
};

const mostConnections = 256;

/** Requests sent ahead of their answers on one connection. No known client sends any. */
const mostUnanswered = 16;

/** A client that does not take its answer. */
const answerTimeoutMs = 30_000;

/** Bounds connections and what each may have under way, and answers what is not HTTP. */
export const boundConnections = (server: Server): void => {
	server.maxConnections = mostConnections;
	// Node would leave out what is above the limit; all are kept (16 KiB of them) and counted by readRequest.
	server.maxHeadersCount = 0;
	const unanswered = new WeakMap<Socket, number>();
	server.prependListener('request', ({socket}: IncomingMessage, response: ServerResponse) => {
		const count = (unanswered.get(socket) ?? 0) + 1;
		unanswered.set(socket, count);
		response.once('close', () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1));
		if (count > mostUnanswered) {
			socket.destroy();
		}
	});
	server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
		if (!socket.writable) {
			socket.destroy();
			return;
		}

		socket.end(
			`HTTP/1.1 ${statusLine(error.code)}\r\nMetadata-Flavor: Google\r\nServer: Metadata Server for VM\r\n` +
				'Content-Length: 0\r\nConnection: close\r\n\r\n',
		);
	});
};

/** Bounds the time that a client may take to read. Not used while it waits: then nothing is sent. */
export const boundAnswer = (response: ServerResponse): void => {
	response.setTimeout(answerTimeoutMs, () => response.destroy());
};

const statusLine = (code: string | undefined): string => {
	switch (code) {
		case 'HPE_HEADER_OVERFLOW': {
			return '431 Request Header Fields Too Large';
		}

		case 'ERR_HTTP_REQUEST_TIMEOUT': {
			return '408 Request Timeout';
		}

		case undefined:
		default: {
			return '400 Bad Request';
		}
	}
};
