import test from 'ava';
import {monotonicMs, pollPause} from '../../../harness/core/clock.ts';
import type {MetadataRequest} from '../../../harness/lab/metadata/metadata-log.ts';
import type {MetadataServer} from '../../../harness/lab/metadata/metadata-server.ts';
import {askV1, exampleData, startServer} from './_metadata.ts';

/** Until that many clients wait: the server has no event for it. */
const waiting = async (server: MetadataServer, count: number): Promise<void> => {
	while (server.waiting() !== count) {
		await pollPause(1);
	}
};

test('an ETag that is not the present one is answered at once', async (t) => {
	const server = await startServer(t);
	for (const etag of ['NONE', '0', '', '0123456789abcdef']) {
		const path = `?recursive=true&alt=json&wait_for_change=true&timeout_sec=60&last_etag=${etag}`;
		t.is((await askV1(server, path)).status, 200);
	}

	t.is(server.waiting(), 0);
});

test('a change reaches who waits for it within milliseconds, and nobody else', async (t) => {
	const server = await startServer(t, {data: exampleData({color: 'red'})});
	const {etag} = await askV1(server, '?recursive=true');
	const clients = Array.from({length: 20}, async () => {
		const {body} = await askV1(server, `?recursive=true&wait_for_change=true&last_etag=${etag}`);
		return {body, at: monotonicMs()};
	});
	const without = askV1(server, 'instance/attributes/color?wait_for_change=true');
	const gone = new AbortController();
	const other = askV1(server, 'instance/name?wait_for_change=true', {signal: gone.signal});
	await waiting(server, 22);
	const changedAt = monotonicMs();
	server.update(exampleData({color: 'blue'}));
	const told = await Promise.all(clients);
	const slowest = Math.max(...told.map(({at}) => at)) - changedAt;
	t.log(`20 clients told within ${slowest.toFixed(1)} ms`);
	t.true(slowest < 500);
	t.true(told.every(({body}) => body.includes('"color":"blue"')));
	t.is((await without).body, 'blue');
	t.is(server.waiting(), 1);
	gone.abort();
	await t.throwsAsync(other);
});

test('who waits for what is taken away is told that it is not there', async (t) => {
	const server = await startServer(t, {data: exampleData({color: 'red'})});
	const client = askV1(server, 'instance/attributes/color?wait_for_change=true');
	await waiting(server, 1);
	server.update(exampleData());
	t.is((await client).status, 404);
});

test('when the time is over, what is there is the answer', async (t) => {
	const server = await startServer(t);
	const {etag, body} = await askV1(server, 'instance/name');
	const startedAt = monotonicMs();
	const late = await askV1(server, `instance/name?wait_for_change=true&last_etag=${etag}&timeout_sec=1`);
	t.like(late, {status: 200, body, etag});
	t.true(monotonicMs() - startedAt >= 990);
	t.is((await askV1(server, 'instance/name?wait_for_change=true&timeout_sec=0')).body, body);
});

test('nobody waits for a listing, or for nothing', async (t) => {
	const server = await startServer(t);
	t.is((await askV1(server, 'instance/?wait_for_change=true')).status, 400);
	t.is((await askV1(server, 'nothing?wait_for_change=true')).status, 404);
});

test('a guest attribute that is written reaches who waits for it', async (t) => {
	const server = await startServer(t, {data: exampleData({'enable-guest-attributes': 'TRUE'})});
	const client = askV1(server, 'instance/guest-attributes/?recursive=true&wait_for_change=true');
	await waiting(server, 1);
	await askV1(server, 'instance/guest-attributes/a/b', {method: 'PUT', body: 'c'});
	t.is((await client).body, '{"a":{"b":"c"}}');
});

test('a client that vanishes is forgotten', async (t) => {
	const requests: MetadataRequest[] = [];
	const server = await startServer(t, {onRequest: (request) => void requests.push(request)});
	const clients = Array.from({length: 50}, async () => {
		const gone = new AbortController();
		const client = askV1(server, 'instance/name?wait_for_change=true', {signal: gone.signal});
		await waiting(server, 50);
		gone.abort();
		await t.throwsAsync(client);
	});
	await Promise.all(clients);
	await waiting(server, 0);
	t.is(requests.length, 50);
	t.true(requests.every(({status}) => status === 'gone'));
	server.update(exampleData({color: 'blue'}));
	t.is((await askV1(server, 'instance/attributes/color')).body, 'blue');
});
