import {once} from 'node:events';
import {type Socket, createServer} from 'node:net';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {Deadline} from '../../harness/core/deadline.ts';
import {lineSplitter} from '../../harness/qemu/qmp-messages.ts';
import {QmpClient} from '../../harness/qemu/qmp.ts';
import {folder} from './_script.ts';

type Call = {readonly execute: string; readonly arguments?: unknown; readonly id: number};

/** The other end of a QMP connection: what the client asks for is collected, what is answered is up to the test. */
export type FakeQemu = {
	readonly path: string;
	/** The calls so far, without the negotiation. */
	readonly calls: readonly Call[];
	/** Resolves when there are that many. */
	readonly called: (count: number) => Promise<void>;
	readonly send: (...messages: readonly unknown[]) => void;
	readonly sendText: (text: string) => void;
	readonly hangUp: () => void;
};

const greeting = {QMP: {version: {qemu: {micro: 2, minor: 0, major: 10}, package: ''}, capabilities: ['oob']}};

export const fakeQemu = async (t: ExecutionContext, {greets = true} = {}): Promise<FakeQemu> => {
	const file = path.join(await folder(t), 'qmp.sock');
	const calls: Call[] = [];
	let waiting: {readonly count: number; readonly resolve: () => void} | undefined;
	let socket: Socket | undefined;
	const send = (...messages: readonly unknown[]): void => {
		socket?.write(messages.map((message) => `${JSON.stringify(message)}\r\n`).join(''));
	};

	const server = createServer((connection) => {
		socket = connection;
		connection.on('error', () => undefined);
		connection.on(
			'data',
			lineSplitter((line) => {
				const call = JSON.parse(line) as Call;
				if (call.execute === 'qmp_capabilities') {
					send({return: {}, id: call.id});
					return;
				}

				calls.push(call);
				if (waiting !== undefined && calls.length >= waiting.count) {
					waiting.resolve();
				}
			}),
		);
		if (greets) {
			send(greeting);
		}
	});
	server.listen(file);
	await once(server, 'listening');
	t.teardown(() => {
		socket?.destroy();
		server.close();
	});
	return {
		path: file,
		calls,
		called: async (count) =>
			new Promise((resolve) => {
				waiting = {count, resolve};
				if (calls.length >= count) {
					resolve();
				}
			}),
		send,
		sendText: (text) => void socket?.write(text),
		hangUp: () => socket?.destroy(),
	};
};

/** A client that is connected to it. */
export const connected = async (
	t: ExecutionContext,
	lastWords?: () => string | Promise<string>,
): Promise<{readonly qemu: FakeQemu; readonly client: QmpClient}> => {
	const qemu = await fakeQemu(t);
	const client = await QmpClient.connect({path: qemu.path, deadline: deadlineOf(t, 5000), lastWords});
	t.teardown(() => client[Symbol.dispose]());
	return {qemu, client};
};

export const deadlineOf = (t: ExecutionContext, budgetMs: number): Deadline => {
	const deadline = new Deadline({phase: 'test', budgetMs});
	t.teardown(() => deadline[Symbol.dispose]());
	return deadline;
};
