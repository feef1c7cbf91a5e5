import {type Server, createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {abortable} from '../../core/abortable.ts';
import {HostError, messageOf} from '../../core/errors.ts';
import {answerRequest} from './answer-request.ts';
import type {GuestAttributes} from './guest-attributes.ts';
import type {MetadataAnswer} from './look-up.ts';
import type {MetadataData} from './metadata-data.ts';
import type {MetadataFault} from './metadata-faults.ts';
import {type MetadataRequest, logRequest} from './metadata-log.ts';
import {MetadataStore} from './metadata-store.ts';
import {boundConnections, limits} from './server-limits.ts';
import {WaitingClients} from './waiting-clients.ts';

export type MetadataServer = AsyncDisposable & {
	readonly address: {readonly host: string; readonly port: number};
	/** Other data from now on; who waits for what has changed is told in the same turn. What the guest wrote stays. */
	readonly update: (data: MetadataData) => void;
	/** What the guest has written so far, in its namespaces: a way back that needs no serial port. */
	readonly guestAttributes: () => GuestAttributes;
	/** Clients of `wait_for_change` that have no answer yet. */
	readonly waiting: () => number;
};

export type MetadataServerOptions = {
	readonly host: string;
	/** 0: any that is free. */
	readonly port: number;
	readonly data: MetadataData;
	/** Told of every request that HTTP could read, once it is over. A guest can ask without end: who keeps them must bound them. */
	readonly onRequest?: (request: MetadataRequest) => void;
	/** Ends the server when aborted. */
	readonly signal?: AbortSignal;
	readonly fault?: MetadataFault;
};

/**
 * Serves the metadata of one guest as Compute Engine does at 169.254.169.254 port 80 (docs/metadata-server.md).
 * @throws HostError when nobody may listen there; the signal's reason when it is aborted already
 */
export const startMetadataServer = async (options: MetadataServerOptions): Promise<MetadataServer> => {
	const {data, signal, onRequest, fault = {kind: 'none'}} = options;
	signal?.throwIfAborted();
	const store = new MetadataStore(data);
	const waiting = new WaitingClients<MetadataAnswer>();
	const server = createServer(limits, (request, response) => {
		if (onRequest !== undefined) {
			logRequest(request, response, onRequest);
		}

		void answerRequest({request, response, store, waiting, fault});
	});
	boundConnections(server);
	const end = async (): Promise<void> => {
		signal?.removeEventListener('abort', abort);
		await ended(server);
	};

	const abort = (): void => void end();
	signal?.addEventListener('abort', abort, {once: true});
	try {
		const listens = listening(server, options);
		await (signal === undefined ? listens : abortable(listens, signal));
	} catch (error) {
		await end();
		throw error;
	}

	const {address, port} = server.address() as AddressInfo;
	return {
		address: {host: address, port},
		update(changed) {
			store.update(changed);
			waiting.changed();
		},
		guestAttributes: () => store.guestAttributes,
		waiting: () => waiting.size,
		[Symbol.asyncDispose]: end,
	};
};

const listening = async (
	server: Server,
	{host, port}: {readonly host: string; readonly port: number},
): Promise<void> => {
	const {promise, resolve, reject} = Promise.withResolvers<undefined>();
	const refuse = (error: Error): void =>
		reject(
			new HostError(`The metadata server cannot listen on ${host} port ${port}: ${messageOf(error)}`, {
				cause: error,
				hint: 'Inside a lab the address and the port are its own: something else was started in its namespace.',
			}),
		);
	server.once('error', refuse);
	server.listen({host, port}, () => resolve(undefined));
	await promise;
	server.off('error', refuse);
	// Afterwards an error means that one connection could not be accepted (EMFILE): the guest tries again.
	server.on('error', () => undefined);
};

/** Waiting clients are cut off: they are the guest's, and the guest goes as well. */
const ended = async (server: Server): Promise<void> => {
	const {promise, resolve} = Promise.withResolvers<undefined>();
	server.close(() => resolve(undefined));
	server.closeAllConnections();
	await promise;
};
