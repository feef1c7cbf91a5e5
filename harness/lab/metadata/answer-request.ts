import type {IncomingMessage, ServerResponse} from 'node:http';
import {errorPage} from './error-page.ts';
import {type MetadataAnswer, lookUp} from './look-up.ts';
import {type MetadataFault, misbehave} from './metadata-faults.ts';
import {type MetadataStore, writable} from './metadata-store.ts';
import {readBody, tooLarge} from './read-body.ts';
import {type ReadRequest, readRequest} from './read-request.ts';
import {boundAnswer} from './server-limits.ts';
import type {WaitingClients} from './waiting-clients.ts';

type Exchange = {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	readonly store: MetadataStore;
	readonly waiting: WaitingClients<MetadataAnswer>;
	readonly fault: MetadataFault;
};

type Wanted = Extract<ReadRequest, {kind: 'wanted'}>;

/** Answers one request, now or when what it waits for has changed. Never throws: whatever a guest sends is an answer or a closed connection. */
export const answerRequest = async (exchange: Exchange): Promise<void> => {
	const {request, response, fault} = exchange;
	// A client that leaves in the middle is no error of ours.
	request.on('error', () => undefined);
	response.on('error', () => undefined);
	const read = readRequest(request);
	if (misbehave(fault, response)) {
		return;
	}

	if (read.kind === 'refused') {
		send(exchange, read.answer);
		return;
	}

	switch (request.method) {
		case 'GET':
		case 'HEAD': {
			get(exchange, read);
			return;
		}

		case 'PUT':
		case 'DELETE': {
			await write(exchange, read);
			return;
		}

		case undefined:
		default: {
			const allow = writable(read.path) ? 'GET, HEAD, PUT, DELETE' : 'GET, HEAD';
			send(exchange, {...errorPage(405, read.path), allow});
		}
	}
};

/**
 * `wait_for_change` answers at once when the client's `last_etag` is not the present one: an unknown one, 0, or NONE, which is
 * google-guest-agent's first. Of a listing nobody can wait for a change (400; so does the Python emulator
 * of this server that bears Google's copyright of 2016, getResponseForDataRequest).
 */
const get = (exchange: Exchange, {wait, ...wanted}: Wanted): void => {
	const {request, response, store, waiting} = exchange;
	const look = (): MetadataAnswer => lookUp(store.tree, wanted.path, wanted);
	const answer = look();
	const {status, etag} = answer;
	if (wait === undefined || status !== 200) {
		send(exchange, answer);
		return;
	}

	if (wanted.path.endsWith('/') && !wanted.recursive) {
		send(exchange, errorPage(400, wanted.path));
		return;
	}

	if (wait.lastEtag !== undefined && wait.lastEtag !== etag) {
		send(exchange, answer);
		return;
	}

	const leave = waiting.add({look, tell: (changed) => send(exchange, changed), timeoutMs: wait.timeoutMs});
	response.once('close', leave);
	// Otherwise nobody would notice that the client has gone: a paused request reads nothing.
	request.resume();
};

const write = async (exchange: Exchange, {path}: Wanted): Promise<void> => {
	const {request, store, waiting} = exchange;
	const body = writable(path) ? await readBody(request) : '';
	switch (body) {
		case undefined: {
			return;
		}

		case tooLarge: {
			send(exchange, errorPage(413, path));
			return;
		}

		default: {
			send(exchange, store.write(path, request.method === 'PUT' ? body : undefined));
			waiting.changed();
		}
	}
};

/** Headers as a real instance gets them. A connection whose request was not read to its end cannot be used again. */
const send = (
	{request, response}: Exchange,
	{status, contentType, body, etag, location, allow}: MetadataAnswer,
): void => {
	boundAnswer(response);
	response
		.writeHead(status, {
			'Metadata-Flavor': 'Google',
			'Content-Type': contentType,
			...(etag !== undefined && {ETag: etag}),
			...(location !== undefined && {Location: location}),
			...(allow !== undefined && {Allow: allow}),
			Server: 'Metadata Server for VM',
			'Content-Length': Buffer.byteLength(body),
			'X-XSS-Protection': '0',
			'X-Frame-Options': 'SAMEORIGIN',
			...((status === 413 || (status >= 400 && !request.complete)) && {Connection: 'close'}),
		})
		.end(request.method === 'HEAD' ? '' : body);
};
