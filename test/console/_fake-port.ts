import {once} from 'node:events';
import {type Server, type Socket, createServer} from 'node:net';
import path from 'node:path';
import {dir} from 'tmp-promise';
import {ConsolePort, type PortOptions} from '../../harness/console/port.ts';

export type FakePort = AsyncDisposable & {
	readonly port: ConsolePort;
	/** The other end: what QEMU would hold. */
	readonly guest: Socket;
	readonly server: Server;
	readonly logPath: string;
	readonly timingPath: string;
	readonly directory: string;
};

/** A ConsolePort on a real unix socket whose other end the test holds. */
export const openFakePort = async (options: Partial<PortOptions> = {}): Promise<FakePort> => {
	await using stack = new AsyncDisposableStack();
	const folder = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	stack.defer(async () => folder.cleanup());
	const socketPath = path.join(folder.path, 'port.sock');
	const server = createServer();
	stack.defer(() => void server.close());
	server.listen(socketPath);
	await once(server, 'listening');
	const accepted = once(server, 'connection');
	const logPath = path.join(folder.path, 'console-ttyS0.log');
	const timingPath = `${logPath}.timing`;
	const port = await ConsolePort.connect({name: 'ttyS0', socketPath, logPath, timingPath, ...options});
	const [guest] = (await accepted) as [Socket];
	guest.on('error', () => undefined);
	stack.defer(() => void guest.destroy());
	stack.use(port);
	const owned = stack.move();
	return {
		port,
		guest,
		server,
		logPath,
		timingPath,
		directory: folder.path,
		[Symbol.asyncDispose]: async () => owned.disposeAsync(),
	};
};
