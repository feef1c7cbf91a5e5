import {Agent} from 'node:http';
import test from 'ava';
import {monotonicMs} from '../../../harness/core/clock.ts';
import type {MetadataRequest} from '../../../harness/lab/metadata/metadata-log.ts';
import {ask, askV1, exampleData, google, startServer} from './_metadata.ts';

const attributes = {
	'enable-guest-attributes': 'TRUE',
	'startup-script': '#! /bin/sh\nexec </dev/ttyS1 >/dev/ttyS1 2>&1 /bin/sh\n',
	'user-data': '#cloud-config\nruncmd: []\n',
	'ssh-keys': 'ann:ssh-ed25519 AAAA ann@example',
};

const own = (agent: Agent) => ({
	agent,
	headers: {...google, Host: '169.254.169.254', 'User-Agent': 'Go-http-client/1.1'},
});

/** As the package google-guest-agent 1:20211116.00-6+b7 of Debian 12 asked when it was run against this server. */
const watch = '/computeMetadata/v1//?recursive=true&alt=json&wait_for_change=true&timeout_sec=60&last_etag=';

test('google-guest-agent of Debian 12: startup script, watch, guest attribute', async (t) => {
	const requests: MetadataRequest[] = [];
	const server = await startServer(t, {
		data: exampleData(attributes),
		onRequest: (request) => void requests.push(request),
	});
	const agent = new Agent({keepAlive: true});
	t.teardown(() => agent.destroy());

	// google_metadata_script_runner startup; its logging library looks at the root for the header.
	t.is((await ask(server, '/computeMetadata/v1/project/project-id', own(agent))).body, 'bootwright-lab');
	const root = await ask(server, '/', {headers: {'User-Agent': 'gcloud-golang/0.1'}});
	t.is(root.headers['metadata-flavor'], 'Google');
	const scripts = await ask(
		server,
		'/computeMetadata/v1/instance/attributes/?recursive=true&alt=json&timeout_sec=10&last_etag=NONE',
		own(agent),
	);
	t.deepEqual(JSON.parse(scripts.body), attributes);

	// google_guest_agent: all of it, then all of it again with an ETag that is none, then a wait.
	const all = await ask(server, '/computeMetadata/v1//?recursive=true&alt=json&last_etag=NONE', own(agent));
	t.deepEqual(Object.keys(JSON.parse(all.body) as object), ['instance', 'oslogin', 'project']);
	const first = await ask(server, `${watch}NONE`, own(agent));
	t.is(first.body, all.body);
	const change = ask(server, watch + first.etag, own(agent));
	const written = await ask(server, '/computeMetadata/v1/instance/guest-attributes/guest-agent/sshable', {
		...own(agent),
		method: 'PUT',
		body: '1795627868',
	});
	t.is(written.status, 200);
	t.is(server.waiting(), 1);
	server.update(exampleData({...attributes, 'ssh-keys': ''}));
	const second = await change;
	t.regex(second.body, /"ssh-keys":""/u);
	t.not(second.etag, first.etag);
	t.is(server.guestAttributes().get('guest-agent')?.get('sshable'), '1795627868');

	const times = requests.filter(({path}) => !path.endsWith(first.etag)).map(({durationMs}) => durationMs);
	t.log(`requests of the start-up: ${times.map((ms) => ms.toFixed(1)).join(', ')} ms`);
	t.deepEqual([...new Set(requests.map(({status}) => status))], [200]);
});

test('a newer google-guest-agent leaves the slash out and follows the redirection', async (t) => {
	const server = await startServer(t, {data: exampleData(attributes)});
	const moved = await askV1(server, 'instance/attributes?alt=json&recursive=true');
	t.is(moved.status, 301);
	const {body} = await ask(server, String(moved.headers.location));
	t.deepEqual(JSON.parse(body), attributes);
});

/** As cloudinit/sources/DataSourceGCE.py of the package 22.4.2 asked when read_md and publish_host_keys ran against this server. */
test('cloud-init of Debian 12: ids as text, attributes as JSON by recursive=True, host keys', async (t) => {
	const server = await startServer(t, {data: exampleData(attributes)});
	const get = async (path: string) => {
		const startedAt = monotonicMs();
		const headers = {...google, Host: 'metadata.google.internal', 'User-Agent': 'Cloud-Init/22.4.2'};
		const {status, body} = await askV1(server, path, {headers});
		t.is(status, 200);
		t.log(`${path}: ${(monotonicMs() - startedAt).toFixed(1)} ms`);
		return body;
	};

	t.regex(await get('instance/id'), /^[1-9]\d*$/u);
	t.is((await get('instance/zone')).split('/').at(-1), 'us-central1-a');
	t.is((await get('instance/hostname')).split('.')[0], 'bootwright');
	t.deepEqual(JSON.parse(await get('instance/attributes/?recursive=True')), attributes);
	t.deepEqual(JSON.parse(await get('project/attributes/?recursive=True')), {});
	const key = 'instance/guest-attributes/hostkeys/ssh-ed25519';
	t.is((await askV1(server, key, {method: 'PUT', body: 'AAAA'})).status, 200);
	t.is(server.guestAttributes().get('hostkeys')?.get('ssh-ed25519'), 'AAAA');
});
