import {type Agent, type IncomingHttpHeaders, request as httpRequest} from 'node:http';
import {connect} from 'node:net';
import type {ExecutionContext} from 'ava';
import {type MetadataData, defaultMetadata} from '../../../harness/lab/metadata/metadata-data.ts';
import {
	type MetadataServer,
	type MetadataServerOptions,
	startMetadataServer,
} from '../../../harness/lab/metadata/metadata-server.ts';

/** The data of the tests, with those attributes of the instance. */
export const exampleData = (attributes: Readonly<Record<string, string>> = {}): MetadataData =>
	defaultMetadata({address: '10.0.2.15', mac: '42:01:0a:00:02:0f', gateway: '10.0.2.2', attributes});

/** A server on a free port of the loopback that ends with the test. */
export const startServer = async (
	t: ExecutionContext,
	options: Partial<MetadataServerOptions> = {},
): Promise<MetadataServer> => {
	const server = await startMetadataServer({host: '127.0.0.1', port: 0, data: exampleData(), ...options});
	t.teardown(async () => server[Symbol.asyncDispose]());
	return server;
};

export type Reply = {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
	readonly etag: string;
};

export type Ask = {
	readonly method?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string;
	readonly agent?: Agent;
	readonly signal?: AbortSignal;
};

export const google = {'Metadata-Flavor': 'Google'};

/** One request; the path goes out as written. */
export const ask = async (server: MetadataServer, path: string, options: Ask = {}): Promise<Reply> => {
	const {method = 'GET', headers = google, body, agent, signal} = options;
	const {promise, resolve, reject} = Promise.withResolvers<Reply>();
	const request = httpRequest(
		{...server.address, path, method, headers, ...(agent && {agent}), ...(signal && {signal})},
		(response) => {
			const parts: Buffer[] = [];
			response.on('data', (part: Buffer) => void parts.push(part));
			response.on('error', reject);
			response.on('end', () =>
				resolve({
					status: response.statusCode ?? 0,
					headers: response.headers,
					body: Buffer.concat(parts).toString(),
					etag: response.headers.etag ?? '',
				}),
			);
		},
	);
	request.on('error', reject);
	request.end(body);
	return promise;
};

/** `ask` below /computeMetadata/v1/. */
export const askV1 = async (server: MetadataServer, path: string, options: Ask = {}): Promise<Reply> =>
	ask(server, `/computeMetadata/v1/${path}`, options);

/** Sends bytes and returns all that comes until the server closes the connection. */
export const rawExchange = async (server: MetadataServer, bytes: string): Promise<string> => {
	const socket = connect(server.address);
	let received = '';
	socket.on('data', (part) => (received += String(part)));
	socket.on('error', () => undefined);
	socket.write(bytes);
	const {promise, resolve} = Promise.withResolvers<undefined>();
	socket.on('close', () => resolve(undefined));
	await promise;
	return received;
};
