import {Agent} from 'node:http';
import test from 'ava';
import {monotonicMs} from '../../../harness/core/clock.ts';
import {HostError} from '../../../harness/core/errors.ts';
import type {MetadataRequest} from '../../../harness/lab/metadata/metadata-log.ts';
import {startMetadataServer} from '../../../harness/lab/metadata/metadata-server.ts';
import {ask, askV1, exampleData, google, startServer} from './_metadata.ts';

test('every answer has the headers of a real instance', async (t) => {
	const server = await startServer(t);
	const {status, headers, body} = await askV1(server, 'instance/name');
	const {date, connection, 'keep-alive': keepAlive, ...fixed} = headers;
	t.deepEqual([status, body], [200, 'bootwright']);
	t.truthy(date);
	t.deepEqual([connection, keepAlive], ['keep-alive', 'timeout=60']);
	t.deepEqual(fixed, {
		'metadata-flavor': 'Google',
		'content-type': 'application/text',
		etag: headers.etag,
		server: 'Metadata Server for VM',
		'content-length': '10',
		'x-xss-protection': '0',
		'x-frame-options': 'SAMEORIGIN',
	});
	t.like((await askV1(server, 'nothing')).headers, {
		'metadata-flavor': 'Google',
		'content-type': 'text/html; charset=UTF-8',
		server: 'Metadata Server for VM',
	});
});

test('the flavor is demanded, at the root alone it is not; forwarded requests are refused', async (t) => {
	const server = await startServer(t);
	const missing = await askV1(server, 'instance/name', {headers: {}});
	t.is(missing.status, 403);
	t.regex(missing.body, /Missing Metadata-Flavor:Google header\./u);
	t.is(missing.headers['metadata-flavor'], 'Google');
	t.is((await askV1(server, 'instance/name', {headers: {'Metadata-Flavor': 'Amazon'}})).status, 403);
	t.is((await askV1(server, 'instance/name', {headers: {'X-Google-Metadata-Request': 'True'}})).status, 200);
	t.like(await ask(server, '/', {headers: {}}), {status: 200, body: '0.1/\ncomputeMetadata/\n'});
	t.is((await ask(server, '/?recursive=true', {headers: {}})).body, '0.1/\ncomputeMetadata/\n');
	t.is((await ask(server, '/computeMetadata/', {headers: {}})).status, 403);
	t.regex((await ask(server, '/0.1/meta-data/', {headers: {}})).body, /Legacy metadata endpoints are disabled/u);
	t.is((await ask(server, '/', {headers: {'X-Forwarded-For': ''}})).status, 403);
	t.is((await askV1(server, 'instance/name', {headers: {...google, 'X-Forwarded-For': '10.0.0.1'}})).status, 403);
});

test('HEAD is GET without the body, everything else is not allowed', async (t) => {
	const server = await startServer(t);
	const head = await askV1(server, 'instance/name', {method: 'HEAD'});
	t.like(head, {status: 200, body: ''});
	t.is(head.headers['content-length'], '10');
	for (const method of ['PUT', 'DELETE', 'POST', 'OPTIONS', 'PATCH']) {
		const {status, headers} = await askV1(server, 'instance/name', {method});
		t.deepEqual([method, status, headers.allow], [method, 405, 'GET, HEAD']);
	}
});

test('guest attributes: written, read back, listed, deleted; told to nobody who waits for the rest', async (t) => {
	const server = await startServer(t, {data: exampleData({'enable-guest-attributes': 'true'})});
	const path = 'instance/guest-attributes/hostkeys/ssh-ed25519';
	const before = (await askV1(server, '?recursive=true')).etag;
	t.is((await askV1(server, path)).status, 404);
	t.like(await askV1(server, path, {method: 'PUT', body: 'AAAA'}), {status: 200, body: ''});
	t.is((await askV1(server, path)).body, 'AAAA');
	t.is((await askV1(server, 'instance/guest-attributes/')).body, 'hostkeys/\n');
	t.is((await askV1(server, 'instance/guest-attributes/?recursive=true')).body, '{"hostkeys":{"ssh-ed25519":"AAAA"}}');
	t.is((await askV1(server, '?recursive=true')).etag, before);
	t.is(server.guestAttributes().get('hostkeys')?.get('ssh-ed25519'), 'AAAA');
	server.update(exampleData({'enable-guest-attributes': 'TRUE', other: '1'}));
	t.is((await askV1(server, path)).body, 'AAAA');
	t.is((await askV1(server, path, {method: 'DELETE'})).status, 200);
	t.is((await askV1(server, path, {method: 'DELETE'})).status, 404);
	t.is((await askV1(server, 'instance/guest-attributes/')).body, '');
	t.is((await askV1(server, 'instance/guest-attributes/', {method: 'PUT', body: 'x'})).status, 400);
	t.is((await askV1(server, 'instance/guest-attributes/a/b/c', {method: 'PUT', body: 'x'})).status, 400);
	t.is((await askV1(server, 'instance/guest-attributes/a/%20', {method: 'PUT', body: 'x'})).status, 400);
	const post = await askV1(server, path, {method: 'POST', body: 'x'});
	t.deepEqual([post.status, post.headers.allow], [405, 'GET, HEAD, PUT, DELETE']);
});

test('guest attributes that are not enabled are refused', async (t) => {
	const server = await startServer(t);
	const path = 'instance/guest-attributes/hostkeys/ssh-ed25519';
	for (const method of ['GET', 'PUT', 'DELETE']) {
		t.like(await askV1(server, path, {method}), {status: 403, body: 'Guest attributes endpoint access is disabled.\n'});
	}

	t.is(server.guestAttributes().size, 0);
});

test('a value of 256 KiB is taken, one byte more is not, and memory has an end', async (t) => {
	const server = await startServer(t, {data: exampleData({'enable-guest-attributes': 'TRUE'})});
	const put = async (key: string, body: string) =>
		(await askV1(server, `instance/guest-attributes/a/${key}`, {method: 'PUT', body})).status;
	t.is(await put('one', 'x'.repeat(262_144)), 200);
	t.is(await put('two', 'x'.repeat(262_145)), 413);
	for (let index = 0; index < 15; index++) {
		t.is(await put(`more${index}`, 'x'.repeat(262_144)), 200);
	}

	t.is(await put('last', 'x'), 400);
});

test('50 clients at once, each with a connection of its own, get the same', async (t) => {
	const server = await startServer(t);
	const bodies = await Promise.all(
		Array.from({length: 50}, async () => (await askV1(server, '?recursive=true', {agent: new Agent()})).body),
	);
	t.is(new Set(bodies).size, 1);
	t.true((bodies[0]?.length ?? 0) > 500);
});

test('a request takes a few milliseconds', async (t) => {
	const server = await startServer(t, {data: exampleData({'startup-script': '#'.repeat(20_000)})});
	const agent = new Agent({keepAlive: true, maxSockets: 1});
	t.teardown(() => agent.destroy());
	const times: number[] = [];
	for (let index = 0; index < 200; index++) {
		const startedAt = monotonicMs();
		await askV1(server, '?recursive=true&alt=json', {agent});
		times.push(monotonicMs() - startedAt);
	}

	const sorted = times.toSorted((left, right) => left - right);
	const [median = Infinity, slow = Infinity] = [sorted[100], sorted[198]];
	t.log(`median ${median.toFixed(2)} ms, 99 % ${slow.toFixed(2)} ms`);
	t.true(median <= 5);
});

test('what the guest asked for is told, once it has its answer', async (t) => {
	const requests: MetadataRequest[] = [];
	const server = await startServer(t, {onRequest: (request) => void requests.push(request)});
	await askV1(server, 'instance/tags?alt=json', {headers: {...google, 'User-Agent': 'Cloud-Init/22.4', Accept: '*/*'}});
	await askV1(server, 'instance/nothing', {headers: {...google, Host: 'metadata.google.internal'}});
	const [told, second] = requests;
	const {at, durationMs, ...first} = told!;
	t.deepEqual(first, {
		method: 'GET',
		path: '/computeMetadata/v1/instance/tags?alt=json',
		status: 200,
		userAgent: 'Cloud-Init/22.4',
		headers: {host: `127.0.0.1:${server.address.port}`, 'metadata-flavor': 'Google'},
	});
	t.true(at > 1_600_000_000_000);
	t.true(durationMs >= 0);
	t.like(second, {
		status: 404,
		userAgent: undefined,
		headers: {host: 'metadata.google.internal', 'metadata-flavor': 'Google'},
	});
});

test('a port that is taken is the host’s error, an aborted signal ends the server', async (t) => {
	const controller = new AbortController();
	const server = await startServer(t, {signal: controller.signal});
	const {port} = server.address;
	await t.throwsAsync(startMetadataServer({host: '127.0.0.1', port, data: exampleData()}), {
		instanceOf: HostError,
		message: `The metadata server cannot listen on 127.0.0.1 port ${port}: listen EADDRINUSE: address already in use 127.0.0.1:${port}`,
	});
	const cut = askV1(server, 'instance/name?wait_for_change=true');
	await t.notThrowsAsync(askV1(server, 'instance/name'));
	controller.abort(new Error('over'));
	await t.throwsAsync(cut, {code: 'ECONNRESET'});
	await t.throwsAsync(askV1(server, 'instance/name'), {code: 'ECONNREFUSED'});
	await t.throwsAsync(
		startMetadataServer({host: '127.0.0.1', port: 0, data: exampleData(), signal: controller.signal}),
		{message: 'over'},
	);
});
