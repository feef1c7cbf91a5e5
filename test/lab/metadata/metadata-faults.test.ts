import {once} from 'node:events';
import {connect} from 'node:net';
import test from 'ava';
import {askV1, rawExchange, startServer} from './_metadata.ts';

test('hang: the request is taken and never answered', async (t) => {
	const server = await startServer(t, {fault: {kind: 'hang'}});
	await t.throwsAsync(askV1(server, 'instance/name', {signal: AbortSignal.timeout(300)}), {name: 'AbortError'});
});

test('error: every request gets that status', async (t) => {
	const server = await startServer(t, {fault: {kind: 'error', status: 500}});
	t.like(await askV1(server, 'instance/name'), {status: 500, body: '<title>500</title>\n'});
	t.like(await askV1(server, 'nothing', {headers: {}}), {status: 500});
});

test('flood: 1 GB is streamed, and costs nothing when the guest leaves', async (t) => {
	const gigabyte = 1_000_000_000;
	const server = await startServer(t, {fault: {kind: 'flood', bytes: gigabyte}});
	const before = process.memoryUsage().rss;
	const socket = connect(server.address);
	socket.write('GET /computeMetadata/v1/ HTTP/1.1\r\nHost: a\r\nMetadata-Flavor: Google\r\n\r\n');
	let received = 0;
	socket.on('data', (part: Buffer) => {
		received += part.length;
		if (received > 50_000_000) {
			socket.destroy();
		}
	});
	await once(socket, 'close');
	t.true(received > 50_000_000);
	t.true(process.memoryUsage().rss - before < 200_000_000);
});

test('flood: exactly as many bytes as told', async (t) => {
	const server = await startServer(t, {fault: {kind: 'flood', bytes: 300_000}});
	const reply = await rawExchange(server, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
	t.is(reply.split('\r\n\r\n')[1]?.length, 300_000);
});
