import {once} from 'node:events';
import {connect} from 'node:net';
import test from 'ava';
import fc from 'fast-check';
import {ask, askV1, exampleData, rawExchange, startServer} from './_metadata.ts';

const flavor = 'Host: metadata.google.internal\r\nMetadata-Flavor: Google\r\n';

const statusOf = (reply: string): string => reply.split('\r\n', 1).join('').slice('HTTP/1.1 '.length);

for (const path of [
	'/computeMetadata/v1/../../etc/passwd',
	'/computeMetadata/v1/%2e%2e/%2e%2e/etc/passwd',
	'/computeMetadata/v1/instance/..%2fproject/project-id',
	'/computeMetadata/v1/instance/./id',
	'/../../../../proc/self/environ',
	'//metadata.google.internal/computeMetadata/v1/instance/id',
]) {
	test(`404: ${path}`, async (t) => {
		t.is((await ask(await startServer(t), path)).status, 404);
	});
}

for (const path of ['/computeMetadata/v1/%zz', '/computeMetadata/v1/%c3%28', '/computeMetadata/v1/%00', '*', 'x']) {
	test(`400: ${path}`, async (t) => {
		const reply = await rawExchange(await startServer(t), `GET ${path} HTTP/1.1\r\n${flavor}Connection: close\r\n\r\n`);
		t.is(statusOf(reply), '400 Bad Request');
	});
}

test('a target with its host is the same resource', async (t) => {
	const target = 'http://metadata.google.internal/computeMetadata/v1/instance/name';
	const reply = await rawExchange(await startServer(t), `GET ${target} HTTP/1.1\r\n${flavor}Connection: close\r\n\r\n`);
	t.true(reply.endsWith('\r\n\r\nbootwright'));
});

test('headers without end are cut off, and a forwarded request cannot hide behind many', async (t) => {
	const server = await startServer(t);
	const long = await rawExchange(server, `GET / HTTP/1.1\r\n${flavor}X: ${'x'.repeat(20_000)}\r\n\r\n`);
	t.is(statusOf(long), '431 Request Header Fields Too Large');
	const many = 'A: 1\r\n'.repeat(150);
	const reply = await rawExchange(server, `GET / HTTP/1.1\r\n${flavor}${many}Connection: close\r\n\r\n`);
	t.is(statusOf(reply), '431 Request Header Fields Too Large');
	const hidden = `${'A: 1\r\n'.repeat(90)}X-Forwarded-For: 1.2.3.4\r\n`;
	const forwarded = await rawExchange(server, `GET / HTTP/1.1\r\n${flavor}${hidden}Connection: close\r\n\r\n`);
	t.is(statusOf(forwarded), '403 Forbidden');
});

test('what is not HTTP gets 400 and a closed connection', async (t) => {
	const server = await startServer(t);
	for (const bytes of ['\u{16}\u{3}\u{1}\0', 'GET\r\n\r\n', 'SSH-2.0-x\r\n', 'GET / HTTP/9.9\r\n\r\n']) {
		t.is(statusOf(await rawExchange(server, bytes)), '400 Bad Request');
	}

	t.is(statusOf(await rawExchange(server, 'GET / HTTP/1.1\r\n\r\n')), '400 Bad Request');
	t.is(await rawExchange(server, `CONNECT a:80 HTTP/1.1\r\n${flavor}\r\n`), '');
	t.is((await askV1(server, 'instance/name')).body, 'bootwright');
});

test('a body without end is refused before it is kept', async (t) => {
	const server = await startServer(t, {data: exampleData({'enable-guest-attributes': 'TRUE'})});
	const put = `PUT /computeMetadata/v1/instance/guest-attributes/a/b HTTP/1.1\r\n${flavor}`;
	const promised = await rawExchange(server, `${put}Content-Length: 1073741824\r\n\r\n`);
	t.is(statusOf(promised), '413 Payload Too Large');
	const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
	const streamed = await rawExchange(server, `${put}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(5)}`);
	t.is(statusOf(streamed), '413 Payload Too Large');
	const both = await rawExchange(server, `${put}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`);
	t.is(statusOf(both), '400 Bad Request');
	t.is(server.guestAttributes().size, 0);
});

test('a client that leaves in the middle of its body changes nothing', async (t) => {
	const server = await startServer(t, {data: exampleData({'enable-guest-attributes': 'TRUE'})});
	const socket = connect(server.address);
	socket.write(
		`PUT /computeMetadata/v1/instance/guest-attributes/a/b HTTP/1.1\r\n${flavor}Content-Length: 10\r\n\r\n12345`,
	);
	await once(socket, 'connect');
	await askV1(server, 'instance/name');
	socket.destroy();
	t.is((await askV1(server, 'instance/guest-attributes/a/b')).status, 404);
});

test('requests sent ahead without end are cut off', async (t) => {
	const server = await startServer(t);
	const wait = `GET /computeMetadata/v1/instance/name?wait_for_change=true HTTP/1.1\r\n${flavor}\r\n`;
	t.is(await rawExchange(server, wait.repeat(1000)), '');
	t.is((await askV1(server, 'instance/name')).body, 'bootwright');
	t.is(server.waiting(), 0);
});

test('more connections than any guest needs are refused, and the next guest is served', async (t) => {
	const server = await startServer(t);
	const sockets = Array.from({length: 300}, () => connect(server.address).on('error', () => undefined));
	const closed = sockets.map(async (socket) => once(socket, 'close'));
	await Promise.race(closed);
	for (const socket of sockets) {
		socket.destroy();
	}

	await Promise.all(closed);
	t.is((await askV1(server, 'instance/name')).body, 'bootwright');
});

test('whatever the target is made of, there is an answer', async (t) => {
	const server = await startServer(t, {data: exampleData({'enable-guest-attributes': 'TRUE'})});
	const piece = fc.oneof(
		fc.constantFrom(
			'/',
			'%',
			'%2e',
			'..',
			'?',
			'&',
			'=',
			'computeMetadata',
			'v1',
			'instance',
			'guest-attributes',
			'recursive=true',
		),
		fc.string({unit: 'binary-ascii', maxLength: 4}).map((text) => text.replaceAll(/[^!-~]/gu, '~')),
		fc.constantFrom('\u{FF}\u{FE}', 'ä', '%ED%A0%80', '%F0%9F%92%A9'),
	);
	await fc.assert(
		fc.asyncProperty(
			fc.constantFrom('GET', 'PUT', 'DELETE'),
			fc.array(piece, {maxLength: 12}),
			fc.boolean(),
			async (method, pieces, below) => {
				const target = (below ? '/computeMetadata/v1/instance/' : '/') + pieces.join('');
				const reply = await rawExchange(server, `${method} ${target} HTTP/1.1\r\n${flavor}Connection: close\r\n\r\n`);
				t.regex(reply, /^HTTP\/1\.1 (200|301|400|403|404|405) /u);
			},
		),
		{numRuns: 300},
	);
});
