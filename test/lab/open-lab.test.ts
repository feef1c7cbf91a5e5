import {readFile} from 'node:fs/promises';
import os from 'node:os';
import test from 'ava';
import {execa} from 'execa';
import {monotonicMs, pollPause} from '../../harness/core/clock.ts';
import {HostError} from '../../harness/core/errors.ts';
import {type MetadataRequest} from '../../harness/lab/metadata/metadata-log.ts';
import {openAsNobody, openElsewhere} from './_elsewhere.ts';
import {hostPid, inside, leftIn, metadata, namespaceOf, nodeInside, open, processesIn} from './_lab.ts';

const byName = (names: readonly string[]): readonly string[] =>
	names.toSorted((left, right) => left.localeCompare(right));
const namesIn = async (namespace: string): Promise<readonly string[]> =>
	byName((await processesIn(namespace)).map(({name}) => name));

const isRoot = os.userInfo().uid === 0;

test.serial('up and down, and nothing of it is left', async (t) => {
	const startedAt = monotonicMs();
	const lab = await open(t);
	const upMs = monotonicMs() - startedAt;
	const namespace = await namespaceOf(lab);
	t.deepEqual(await namesIn(namespace), ['dnsmasq', 'MainThread']);
	const downAt = monotonicMs();
	await lab[Symbol.asyncDispose]();
	const downMs = monotonicMs() - downAt;
	t.log(`up in ${upMs.toFixed(0)} ms, down in ${downMs.toFixed(0)} ms`);
	t.true(upMs < 5000 && downMs < 900, `${upMs} ${downMs}`);
	t.deepEqual(await leftIn(namespace), []);
	// Being taken down is not ending by itself, and a second time does no harm.
	t.false(lab.ended.aborted);
	await lab[Symbol.asyncDispose]();
	await t.throwsAsync(lab.counters(), {
		instanceOf: HostError,
		message: 'The counters of lab0 cannot be read: the lab is gone',
	});
});

test.serial('inside: the guest’s cable, what listens there, and no way out', async (t) => {
	const asked: MetadataRequest[] = [];
	await using lab = await open(t, {
		metadata: metadata({color: 'red'}),
		onRequest: (request) => void asked.push(request),
	});
	t.deepEqual((await inside(lab, 'ls /proc/self/ns >/dev/null; ip -o link | cut -d: -f2')).split('\n'), [
		' lo',
		' lab0',
	]);
	t.is(
		(await inside(lab, 'ip -4 route show table all | grep -v "^local\\|^broadcast"')).trim(),
		'10.128.0.2 dev lab0 scope link src 10.128.0.1 linkdown',
	);
	t.regex(await inside(lab, 'cat /sys/class/net/lab0/mtu; ip link show lab0'), /mtu 1460/v);
	// A port that is taken cannot happen here: the namespace is new, and everything that listens in it is ours. The metadata server
	// would say so all the same (metadata-server.test.ts).
	const sockets = (await inside(lab, 'ss -Hlntu4 | tr -s " " | cut -d" " -f1,5')).split('\n');
	t.deepEqual(byName(sockets), [
		'tcp 10.128.0.1:53',
		'tcp 169.254.169.254:53',
		'tcp 169.254.169.254:80',
		'udp 0.0.0.0%lab0:67',
		'udp 10.128.0.1:53',
		'udp 169.254.169.254:53',
	]);
	t.is(
		await nodeInside(
			lab,
			`const url = 'http://169.254.169.254/computeMetadata/v1/instance/attributes/color';
			const answer = await fetch(url, {headers: {'Metadata-Flavor': 'Google'}});
			console.log(answer.status, await answer.text());
			console.log((await fetch(url)).status);`,
		),
		'200 red\n403',
	);
	await pollPause(100);
	t.deepEqual(
		asked.map(({path: wanted, status}) => [wanted, status]),
		[
			['/computeMetadata/v1/instance/attributes/color', 200],
			['/computeMetadata/v1/instance/attributes/color', 403],
		],
	);
	t.is(
		await nodeInside(
			lab,
			`import {Resolver} from 'node:dns/promises';
			const resolver = new Resolver({timeout: 1000, tries: 1});
			resolver.setServers(['169.254.169.254']);
			const say = async (promise) => console.log(String(await promise.catch((error) => error.code)));
			await say(resolver.resolve4('metadata.google.internal'));
			await say(resolver.resolve4('candidate.c.bootwright-lab.internal'));
			await say(resolver.reverse('169.254.169.254'));
			await say(resolver.resolve4('example.com'));`,
		),
		'169.254.169.254\n10.128.0.2\nmetadata.google.internal\nENOTFOUND',
	);
	t.regex(await readFile(lab.log, 'utf8'), /query\[A\] metadata\.google\.internal/v);
	const lan = Object.values(os.networkInterfaces())
		.flat()
		.find((one) => one?.family === 'IPv4' && !one.internal)?.address;
	for (const address of ['8.8.8.8', ...(lan === undefined ? [] : [lan])]) {
		t.regex(await inside(lab, `ping -c1 -W1 ${address} || ip route get ${address}`), /unreachable/v, address);
	}
});

test.serial('two labs with the same addresses', async (t) => {
	await using first = await open(t, {metadata: metadata({who: 'first'})});
	await using second = await open(t, {metadata: metadata({who: 'second'})});
	const script = `console.log(await (await fetch('http://169.254.169.254/computeMetadata/v1/instance/attributes/who',
		{headers: {'Metadata-Flavor': 'Google'}})).text())`;
	t.deepEqual(await Promise.all([nodeInside(first, script), nodeInside(second, script)]), ['first', 'second']);
});

test.serial('other metadata reaches who waits for it', async (t) => {
	const asked: MetadataRequest[] = [];
	await using lab = await open(t, {
		metadata: metadata({color: 'red'}),
		onRequest: (request) => void asked.push(request),
	});
	const waiter = nodeInside(
		lab,
		`const answer = await fetch('http://169.254.169.254/computeMetadata/v1/instance/attributes/color?wait_for_change=true',
			{headers: {'Metadata-Flavor': 'Google'}});
		console.log(await answer.text());`,
	);
	while (!(await inside(lab, 'ss -Hnt state established sport = 80')).includes(':80 ')) {
		await pollPause(20);
	}

	await pollPause(100);
	lab.setMetadata(metadata({color: 'blue'}));
	t.is(await waiter, 'blue');
});

test.serial('frames on the tap are counted', async (t) => {
	await using lab = await open(t);
	t.deepEqual(await lab.counters(), {fromGuest: {bytes: 0, frames: 0}, toGuest: {bytes: 0, frames: 0}});
});

test.serial('dnsmasq that is killed, and a host process that is killed, end the lab and are named', async (t) => {
	for (const [victim, message] of [
		['dnsmasq', /^dnsmasq, which serves leases and names in the lab, ended \(SIGKILL\): dnsmasq/v],
		['MainThread', /^The lab ended \(SIGKILL\): $/v],
	] as const) {
		await using lab = await open(t);
		const namespace = await namespaceOf(lab);
		const pid = (await processesIn(namespace)).find(({name}) => name === victim)?.pid ?? 0;
		const aborted = new Promise((resolve) => {
			lab.ended.addEventListener('abort', resolve);
		});
		process.kill(pid, 'SIGKILL');
		await aborted;
		const error: unknown = lab.ended.reason;
		t.true(error instanceof HostError);
		t.regex((error as HostError).message, message);
		await lab[Symbol.asyncDispose]();
		t.deepEqual(await leftIn(namespace), []);
	}
});

test.serial('a lab that hangs is taken down all the same', async (t) => {
	const lab = await open(t);
	const namespace = await namespaceOf(lab);
	process.kill(hostPid(lab), 'SIGSTOP');
	const startedAt = monotonicMs();
	await lab[Symbol.asyncDispose]();
	t.true(monotonicMs() - startedAt < 3000);
	t.deepEqual(await leftIn(namespace), []);
});

test.serial('an abort while it opens', async (t) => {
	const before = new AbortController();
	before.abort(new Error('never wanted'));
	await t.throwsAsync(open(t, {signal: before.signal}), {message: 'never wanted'});
	for (const afterMs of [0, 30, 120]) {
		const abort = new AbortController();
		const opening = open(t, {signal: abort.signal});
		void pollPause(afterMs).then(() => abort.abort(new Error('enough')));
		await t.throwsAsync(opening, {message: 'enough'});
	}

	t.is((await execa('pgrep', ['--parent', String(process.pid)], {reject: false})).stdout.split('\n').length, 1);
});

/** Everything in a folder of programs but one. */
const without = (name: string): string =>
	`mount -t tmpfs none /mnt; mkdir /mnt/sbin /mnt/bin; mount --bind /usr/sbin /mnt/sbin; mount --bind /usr/bin /mnt/bin
for d in sbin bin; do mkdir /mnt/new-$d; for f in /mnt/$d/*; do case $f in */${name}) ;; *) ln -s $f /mnt/new-$d/;; esac; done; done
PATH=/mnt/bin:/mnt/sbin; mount --bind /mnt/new-sbin /usr/sbin; mount --bind /mnt/new-bin /usr/bin; PATH=/usr/sbin:/usr/bin:/bin`;

const missing: ReadonlyArray<readonly [title: string, script: string, message: RegExp, hint: string]> = [
	['dnsmasq', without('dnsmasq'), /^dnsmasq is missing$/v, 'sudo apt-get install dnsmasq-base'],
	['ip', without('ip'), /^The network of the lab cannot be made: spawn ip ENOENT$/v, 'sudo apt-get install iproute2'],
	[
		'unshare',
		without('unshare'),
		/^The lab cannot be started: spawn unshare ENOENT$/v,
		'sudo apt-get install util-linux',
	],
	[
		'/dev/net/tun',
		'mount -t tmpfs none /dev/net',
		/^The network of the lab cannot be made: \/dev\/net\/tun: No such file or directory; Command failed -:2$/v,
		'sudo modprobe tun',
	],
];
for (const [title, script, message, hint] of missing) {
	test.serial(`${title} is missing: the host’s fault, and how to mend it`, async (t) => {
		const {child, told} = openElsewhere(script);
		const error = await told;
		t.false(error.up);
		t.is(error.name, 'HostError');
		t.regex(error.message, message);
		t.is(error.hint, hint);
		child.stdin.end();
		t.is((await child).exitCode, 0);
	});
}

/** Nobody, whom the host lets have a tun device of a mode. */
const asNobody = (mode: string) =>
	openAsNobody(`mknod /mnt/tun c 10 200; chmod ${mode} /mnt/tun; mount --bind /mnt/tun /dev/net/tun`);

// Becoming somebody else, and making a device, takes root; an ordinary user's lab is what the tests above open then.
(isRoot ? test.serial : test.serial.skip)('as an ordinary user, with and without access to /dev/net/tun', async (t) => {
	const {child, told} = asNobody('666');
	const lab = await told;
	t.like(lab, {up: true, uid: 65_534}, lab.message);
	t.deepEqual(await namesIn(lab.namespace), ['dnsmasq', 'MainThread']);
	child.stdin.end();
	t.is((await child).exitCode, 0);
	t.deepEqual(await processesIn(lab.namespace), []);

	const closed = asNobody('600');
	const refused = await closed.told;
	t.false(refused.up);
	t.regex(
		refused.message,
		/^The network of the lab cannot be made: \/dev\/net\/tun: Permission denied; Command failed -:2$/v,
	);
	t.is(refused.hint, 'sudo chmod 666 /dev/net/tun');
	closed.child.stdin.end();
	await closed.child;
});

test.serial('a parent that is killed takes all of it along', async (t) => {
	const {child, told} = openElsewhere(':');
	const {namespace} = await told;
	t.is((await processesIn(namespace)).length, 2);
	child.kill('SIGKILL');
	await child;
	// A namespace without processes is gone: nothing else holds this one.
	for (const startedAt = monotonicMs(); (await processesIn(namespace)).length > 0;) {
		t.true(monotonicMs() - startedAt < 3000);
		await pollPause(20);
	}

	t.pass();
});
