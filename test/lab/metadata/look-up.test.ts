import test from 'ava';
import {lookUp} from '../../../harness/lab/metadata/look-up.ts';
import {type MetadataData, defaultMetadata, metadataSchema} from '../../../harness/lab/metadata/metadata-data.ts';
import {metadataTree} from '../../../harness/lab/metadata/metadata-tree.ts';
import {exampleData} from './_metadata.ts';

const v1 = '/computeMetadata/v1';

const full = (): MetadataData => {
	const {project, instance} = exampleData({'startup-script': '#! /bin/sh\necho "ä"\n', 'user-data': '#cloud-config\n'});
	return metadataSchema.parse({
		project: {...project, attributes: {'ssh-keys': 'ann:ssh-ed25519 AAAA ann@example'}},
		instance: {
			...instance,
			id: '5737554347302044216',
			tags: ['web', 'db'],
			licenses: ['3853522013536123851'],
			serviceAccounts: {
				'robot-1@example.iam': {email: 'robot-1@example.iam', aliases: ['default'], scopes: ['a', 'b']},
			},
		},
	});
};

const tree = metadataTree(full(), new Map());

test('a value is its text, and nothing more', (t) => {
	const {etag, ...answer} = lookUp(tree, `${v1}/instance/id`);
	t.deepEqual(answer, {status: 200, contentType: 'application/text', body: '5737554347302044216'});
	t.regex(String(etag), /^[\da-f]{16}$/u);
	t.is(lookUp(tree, `${v1}/instance/attributes/startup-script`).body, '#! /bin/sh\necho "ä"\n');
	t.is(lookUp(tree, `${v1}/instance/zone`).body, 'projects/104857600001/zones/us-central1-a');
	t.is(lookUp(tree, `${v1}/instance/network-interfaces/0/dns-servers`).body, '169.254.169.254\n');
	t.is(lookUp(tree, `${v1}/instance/service-accounts/robot-1@example.iam/scopes`).body, 'a\nb\n');
});

test('alt=json of a value is JSON, tags are JSON unless text is asked for', (t) => {
	t.like(lookUp(tree, `${v1}/instance/name`, {alt: 'json'}), {contentType: 'application/json', body: '"bootwright"'});
	t.like(lookUp(tree, `${v1}/instance/tags`), {contentType: 'application/json', body: '["web","db"]'});
	t.like(lookUp(tree, `${v1}/instance/tags`, {alt: 'text'}), {contentType: 'application/text', body: 'web\ndb\n'});
});

test('a directory is a sorted listing, a line each, directories with a slash', (t) => {
	t.is(lookUp(tree, '/').body, '0.1/\ncomputeMetadata/\n');
	t.is(lookUp(tree, '/computeMetadata/').body, 'v1/\nv1beta1/\n');
	t.is(lookUp(tree, `${v1}/`).body, 'instance/\noslogin/\nproject/\n');
	t.is(lookUp(tree, `${v1}/project/`).body, 'attributes/\nnumeric-project-id\nproject-id\n');
	t.is(
		lookUp(tree, `${v1}/instance/`).body,
		'attributes/\ncpu-platform\ndescription\ndisks/\nguest-attributes/\nhostname\nid\nimage\nlicenses/\nmachine-type\n' +
			'maintenance-event\nname\nnetwork-interfaces/\npreempted\nremaining-cpu-time\nscheduling/\nservice-accounts/\ntags\n' +
			'virtual-clock/\nzone\n',
	);
	t.is(lookUp(tree, `${v1}/instance/network-interfaces/`).body, '0/\n');
	t.is(
		lookUp(tree, `${v1}/instance/network-interfaces/0/`).body,
		'access-configs/\ndns-servers\nforwarded-ips/\ngateway\nip\nip-aliases/\nmac\nmtu\nnetwork\nsubnetmask\ntarget-instance-ips\n',
	);
	t.like(lookUp(tree, `${v1}/instance/`, {alt: 'json'}), {status: 400});
});

test('recursive: camel case, but the keys of attributes and accounts as they are; ids with all their digits', (t) => {
	const {body, contentType} = lookUp(tree, `${v1}/`, {recursive: true});
	t.is(contentType, 'application/json');
	t.regex(body, /"id":5737554347302044216,/u);
	t.deepEqual(JSON.parse(body.replace('5737554347302044216', '"5737554347302044216"')), {
		instance: {
			attributes: {'startup-script': '#! /bin/sh\necho "ä"\n', 'user-data': '#cloud-config\n'},
			cpuPlatform: 'Intel Broadwell',
			description: '',
			disks: [{deviceName: 'persistent-disk-0', index: 0, interface: 'SCSI', mode: 'READ_WRITE', type: 'PERSISTENT'}],
			guestAttributes: {},
			hostname: 'bootwright.us-central1-a.c.bootwright-lab.internal',
			id: '5737554347302044216',
			image: 'projects/bootwright-lab/global/images/candidate',
			licenses: [{id: '3853522013536123851'}],
			machineType: 'projects/104857600001/machineTypes/n1-standard-2',
			maintenanceEvent: 'NONE',
			name: 'bootwright',
			networkInterfaces: [
				{
					accessConfigs: [{externalIp: '', type: 'ONE_TO_ONE_NAT'}],
					dnsServers: ['169.254.169.254'],
					forwardedIps: [],
					gateway: '10.0.2.2',
					ip: '10.0.2.15',
					ipAliases: [],
					mac: '42:01:0a:00:02:0f',
					mtu: 1460,
					network: 'projects/104857600001/networks/default',
					subnetmask: '255.255.240.0',
					targetInstanceIps: [],
				},
			],
			preempted: 'FALSE',
			remainingCpuTime: -1,
			scheduling: {automaticRestart: 'TRUE', onHostMaintenance: 'MIGRATE', preemptible: 'FALSE'},
			serviceAccounts: {
				'robot-1@example.iam': {aliases: ['default'], email: 'robot-1@example.iam', scopes: ['a', 'b']},
			},
			tags: ['web', 'db'],
			virtualClock: {driftToken: '0'},
			zone: 'projects/104857600001/zones/us-central1-a',
		},
		oslogin: {authenticate: {sessions: {}}},
		project: {
			attributes: {'ssh-keys': 'ann:ssh-ed25519 AAAA ann@example'},
			numericProjectId: 104_857_600_001,
			projectId: 'bootwright-lab',
		},
	});
});

test('recursive as text: a line for each value and each item', (t) => {
	t.like(lookUp(tree, `${v1}/instance/service-accounts/`, {recursive: true, alt: 'text'}), {
		contentType: 'application/text',
		body:
			'robot-1@example.iam/aliases default\nrobot-1@example.iam/email robot-1@example.iam\n' +
			'robot-1@example.iam/scopes a\nrobot-1@example.iam/scopes b\n',
	});
	t.is(
		lookUp(tree, `${v1}/instance/disks/`, {recursive: true, alt: 'text'}).body,
		'0/device-name persistent-disk-0\n0/index 0\n0/interface SCSI\n0/mode READ_WRITE\n0/type PERSISTENT\n',
	);
});

test('a directory without its slash is moved, query and all, and never to another host', (t) => {
	const options = {recursive: true, search: '?recursive=true&alt=json'};
	t.like(lookUp(tree, `${v1}/instance/attributes`, options), {
		status: 301,
		location: '/computeMetadata/v1/instance/attributes/?recursive=true&alt=json',
	});
	t.is(lookUp(tree, '//computeMetadata').location, '/computeMetadata/');
});

test('slashes in a row are one: google-guest-agent 20211116 asks like that', (t) => {
	t.is(lookUp(tree, `${v1}//`, {recursive: true}).body, lookUp(tree, `${v1}/`, {recursive: true}).body);
});

for (const path of [
	`${v1}/nothing`,
	`${v1}/instance/id/`,
	`${v1}/instance/../instance/id`,
	`${v1}/instance/disks/1/`,
	`${v1}/instance/disks/00/`,
	`${v1}/instance/attributes/__proto__`,
	`${v1}/instance/service-accounts/default/token`,
	'/computeMetadata/v2/',
	'/latest/meta-data/',
]) {
	test(`404: ${path}`, (t) => {
		const {status, contentType, body, etag} = lookUp(tree, path);
		t.deepEqual([status, contentType, etag], [404, 'text/html; charset=UTF-8', undefined]);
		t.true(body.includes(`The requested URL <code>${path}</code> was not found on this server.`));
		t.regex(body, /<title>Error 404 \(Not Found\)!!1<\/title>/u);
	});
}

test('the page shows a path, not its markup', (t) => {
	t.regex(lookUp(tree, '/<b a="&">').body, /<code>\/&lt;b a=&quot;&amp;&quot;&gt;<\/code>/u);
});

test('legacy endpoints and closed guest attributes are refused with the reason', (t) => {
	for (const path of ['/0.1/meta-data/', '/computeMetadata/v1beta1/instance/id']) {
		const {status, body} = lookUp(tree, path);
		t.is(status, 403);
		t.regex(body, /Legacy metadata endpoints are disabled\. Please use the \/v1\/ endpoint\./u);
	}

	t.deepEqual(lookUp(tree, `${v1}/instance/guest-attributes/a/b`), {
		status: 403,
		contentType: 'application/text',
		body: 'Guest attributes endpoint access is disabled.\n',
	});
});

test('nothing but names above v1', (t) => {
	t.is(lookUp(tree, '/', {recursive: true}).body, '0.1/\ncomputeMetadata/\n');
	t.is(lookUp(tree, '/computeMetadata/', {recursive: true}).body, 'v1/\nv1beta1/\n');
});

test('an ETag follows its own subtree alone', (t) => {
	const changed = metadataTree({...full(), project: {...full().project, projectId: 'other'}}, new Map());
	const etags = (path: string) => [tree, changed].map((one) => lookUp(one, path, {recursive: true}).etag);
	const [before, after] = etags(`${v1}/`);
	t.not(before, after);
	const [same, stillSame] = etags(`${v1}/instance/`);
	t.is(same, stillSame);
	t.is(lookUp(tree, `${v1}/instance/`, {recursive: true, alt: 'text'}).etag, same);
});

test('data from outside is checked', (t) => {
	t.throws(() => exampleData({'no spaces': 'x'}), {message: /must be letters, digits/u});
	t.throws(() => exampleData({large: 'x'.repeat(262_145)}), {message: /must not be larger than 256 KiB/u});
	t.throws(() => defaultMetadata({address: '10.0.2', mac: '42:01:0a:00:02:0f', gateway: '10.0.2.2'}), {
		message: /Invalid IPv4 address/u,
	});
});

test('a machine keeps its instance id, another has another, and a given name is kept', (t) => {
	const at = (address: string, hostname?: string) =>
		defaultMetadata({address, mac: '42:01:0a:00:02:0f', gateway: '10.0.2.2', hostname}).instance;
	t.is(at('10.0.2.15').id, at('10.0.2.15').id);
	t.not(at('10.0.2.15').id, at('10.0.2.16').id);
	t.like(at('10.0.2.15', 'web-1.example.org'), {name: 'web-1', hostname: 'web-1.example.org'});
	t.like(at('10.0.2.15', 'web-1'), {name: 'web-1', hostname: 'web-1.us-central1-a.c.bootwright-lab.internal'});
});
