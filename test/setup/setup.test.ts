import ava from 'ava';
import {type System, canPretend, everythingButQemu, setUp} from './_fake-system.ts';

const test = (await canPretend()) ? ava : ava.skip;

const apt = 'apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0';
const installQemu = 'install --no-install-recommends qemu-system-x86 qemu-utils';

const line = (version: string, suite: string): string =>
	`qemu-system-x86 | ${version} | http://mirror.example/debian ${suite}/main amd64 Packages\n`;

const withQemu = {...everythingButQemu, 'qemu-system-x86': '1:10.0.2+ds-2', 'qemu-utils': '1:10.0.2+ds-2'};

const bookworm: System = {
	codename: 'bookworm',
	candidate: '1:7.2+dfsg-7+deb12u18',
	madison: line('1:7.2+dfsg-7+deb12u18', 'bookworm'),
	targets: [
		'http://mirror.example/debian/ bookworm main Debian',
		'http://mirror.example/debian/ bookworm-updates main Debian',
		'http://mirror.example/debian-security/ bookworm-security main Debian',
		'https://vendor.example/apt/ nodistro main Vendor',
		'',
	].join('\n'),
	sources: {
		'sources.list.d/vendor.sources':
			'Types: deb\nURIs: https://vendor.example/apt\nSuites: nodistro\nComponents: main\n',
		'sources.list.d/debian.sources': [
			'Types: deb',
			'# made by an image builder',
			'URIs: http://mirror.example/debian',
			'Suites: bookworm bookworm-updates',
			'Components: main contrib',
			'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg',
			'',
			'Types: deb',
			'URIs: http://mirror.example/debian-security',
			'Suites: bookworm-security',
			'Components: main',
			'',
		].join('\n'),
	},
};

const newer = line('1:10.0.2+ds-2+deb13u1~bpo12+1', 'bookworm-backports');

test('where nothing is missing, nothing is done and nothing is said', async (t) => {
	const {exitCode, stdout, stderr, calls} = await setUp(t, {installed: withQemu});
	t.is(exitCode, 0);
	t.deepEqual([stdout, stderr, ...calls], ['', '']);
});

test('Debian 12, backports known: QEMU from there, the rest from the release', async (t) => {
	const installed = Object.fromEntries(Object.entries(everythingButQemu).filter(([name]) => name !== 'g++'));
	const {exitCode, stdout, calls, added} = await setUp(t, {
		...bookworm,
		installed,
		madison: `${newer}${bookworm.madison}`,
	});
	t.is(exitCode, 0);
	t.is(stdout, 'setup: installing qemu-system-x86 qemu-utils g++ (QEMU from bookworm-backports)');
	t.deepEqual(calls, [
		`${apt} install --no-install-recommends -t bookworm-backports qemu-system-x86 qemu-utils`,
		`${apt} install --no-install-recommends g++`,
	]);
	t.deepEqual(added, {});
});

test("Debian 12 without backports: the host's own entry once more, with its mirror, keyring and components", async (t) => {
	const {exitCode, stdout, calls, added} = await setUp(t, {...bookworm, madisonBackports: newer});
	t.is(exitCode, 0);
	t.deepEqual(added, {
		'bootwright-backports.sources': [
			'Types: deb',
			'Suites: bookworm-backports',
			'URIs: http://mirror.example/debian',
			'Components: main contrib',
			'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg',
			'',
		].join('\n'),
	});
	t.deepEqual(stdout.split('\n'), [
		'setup: updating the package lists',
		'setup: adding /etc/apt/sources.list.d/bootwright-backports.sources (QEMU in bookworm is older than 8.2)',
		'setup: updating the package lists',
		'setup: installing qemu-system-x86 qemu-utils (QEMU from bookworm-backports)',
	]);
	t.deepEqual(calls, [
		`${apt} update`,
		`${apt} update`,
		`${apt} install --no-install-recommends -t bookworm-backports qemu-system-x86 qemu-utils`,
	]);
});

test("the same in apt's older format", async (t) => {
	const {added} = await setUp(t, {
		...bookworm,
		madisonBackports: newer,
		sources: {
			'sources.list': [
				'# deb http://mirror.example/debian bookworm main',
				'deb-src http://mirror.example/debian bookworm main',
				'deb [arch=amd64 signed-by=/usr/share/keyrings/k.gpg] http://mirror.example/debian/ bookworm main non-free',
				'deb http://mirror.example/debian bookworm-updates main',
				'',
			].join('\n'),
		},
	});
	t.deepEqual(added, {
		'bootwright-backports.list':
			'deb [arch=amd64 signed-by=/usr/share/keyrings/k.gpg] http://mirror.example/debian/ bookworm-backports main non-free\n',
	});
});

test('where the entry cannot be found, the person is asked to enable it', async (t) => {
	const {exitCode, stderr} = await setUp(t, {...bookworm, sources: {}});
	t.is(exitCode, 4);
	t.is(
		stderr,
		"setup: cannot find the entry for http://mirror.example/debian bookworm in apt's sources; enable bookworm-backports yourself.",
	);
	const unknown = await setUp(t, {...bookworm, targets: 'https://vendor.example/apt/ nodistro main Vendor\n'});
	t.is(unknown.exitCode, 4);
	t.is(unknown.stderr, 'setup: cannot tell where apt gets bookworm from; enable bookworm-backports yourself.');
});

test('Debian 13 and Ubuntu 24.04 have a QEMU that will do', async (t) => {
	for (const candidate of ['1:10.0.2+ds-2+deb13u1', '1:8.2.2+ds-0ubuntu1.10']) {
		const {exitCode, stdout, calls} = await setUp(t, {candidate, codename: 'any'});
		t.is(exitCode, 0);
		t.is(stdout, 'setup: installing qemu-system-x86 qemu-utils');
		t.deepEqual(calls, [`${apt} ${installQemu}`]);
	}
});

test('Ubuntu 22.04 has nothing newer in its backports', async (t) => {
	const {exitCode, stderr, calls} = await setUp(t, {
		codename: 'jammy',
		candidate: '1:6.2+dfsg-2ubuntu6.26',
		madison: line('1:6.2+dfsg-2ubuntu6.26', 'jammy-updates'),
		targets:
			'http://mirror.example/ubuntu jammy main Ubuntu\nhttp://mirror.example/ubuntu jammy-backports main Ubuntu\n',
	});
	t.is(exitCode, 4);
	t.deepEqual(stderr.split('\n'), [
		'setup: this release has QEMU 1:6.2+dfsg-2ubuntu6.26 and nothing newer in its backports.',
		'setup: Bootwright needs 8.2: build one and name it in BOOTWRIGHT_QEMU, or use a newer release.',
	]);
	t.deepEqual(calls, [`${apt} update`]);
});

test('another system gets the list', async (t) => {
	for (const without of ['dpkg-query', 'apt-get']) {
		const {exitCode, stderr, calls} = await setUp(t, {without: [without]});
		t.is(exitCode, 4);
		t.deepEqual(stderr.split('\n'), [
			'setup: only Debian and Ubuntu can be set up by this script. Bootwright needs, by their Debian names:',
			'setup: qemu-system-x86 qemu-utils ovmf mmdebstrap uidmap debian-archive-keyring util-linux iproute2 dnsmasq-base openssh-client pigz g++ make python3 nodejs npm',
			'setup: Install them in your own way, run "npm ci", and start it with "npm run boot-test IMAGE".',
		]);
		t.deepEqual(calls, []);
	}
});

test('an ordinary user goes through sudo, for the packages alone', async (t) => {
	const {exitCode, calls} = await setUp(t, {candidate: '1:10.0.2', uid: 1000});
	t.is(exitCode, 0);
	t.deepEqual(calls, [`sudo env DEBIAN_FRONTEND=noninteractive ${apt} ${installQemu}`, `${apt} ${installQemu}`]);
});

test('an ordinary user without sudo is told what root has to run', async (t) => {
	const {exitCode, stderr, calls} = await setUp(t, {candidate: '1:10.0.2', uid: 1000, without: ['sudo']});
	t.is(exitCode, 4);
	t.deepEqual(stderr.split('\n'), [
		'setup: missing: qemu-system-x86 qemu-utils',
		'setup: You are not root and there is no sudo. As root, run:',
		'setup:   /clone/harness/setup/setup.sh run',
	]);
	t.deepEqual(calls, []);
});

test('a user who has everything needs no sudo', async (t) => {
	const {exitCode, calls} = await setUp(t, {installed: withQemu, uid: 1000, without: ['sudo']});
	t.is(exitCode, 0);
	t.deepEqual(calls, []);
});

test('stale lists are updated once, and the installation tried again', async (t) => {
	const {exitCode, calls} = await setUp(t, {
		candidate: '1:10.0.2',
		installFails: 'E: Failed to fetch pool/q/qemu_10.0.1.deb  404  Not Found\n',
	});
	t.is(exitCode, 0);
	t.deepEqual(calls, [`${apt} ${installQemu}`, `${apt} update`, `${apt} ${installQemu}`]);
});

test('another apt at work is waited for', async (t) => {
	const {exitCode, calls} = await setUp(t, {
		candidate: '1:10.0.2',
		installFails: 'E: stale\n',
		updateFails: 'E: Could not get lock /var/lib/apt/lists/lock. It is held by process 1 (apt)\n',
	});
	t.is(exitCode, 0);
	t.deepEqual(calls.slice(1, -1), [`${apt} update`, 'sleep 5', `${apt} update`]);
});

test("what apt cannot do is shown in apt's words", async (t) => {
	const {exitCode, stderr} = await setUp(t, {
		candidate: '1:10.0.2',
		installFails: 'E: stale\n',
		updateFails: 'E: The repository is not signed.\n',
	});
	t.is(exitCode, 4);
	t.is(stderr, 'E: The repository is not signed.\nsetup: cannot update the package lists');
});

test('without Node and npm both come as packages', async (t) => {
	const {calls} = await setUp(t, {installed: withQemu, without: ['npm'], npmDone: true});
	t.deepEqual(calls, [`${apt} install --no-install-recommends nodejs npm`]);
});

test('npm packages that were not installed to the end are installed anew', async (t) => {
	const {exitCode, stdout, stderr, calls} = await setUp(t, {installed: withQemu, npmDone: false});
	t.is(stdout, 'setup: installing npm packages (npm ci)');
	t.deepEqual(calls, ['npm --loglevel=error ci --ignore-scripts', 'npm --loglevel=error rebuild node']);
	// The fake npm brings nothing.
	t.is(exitCode, 4);
	t.is(stderr, 'setup: npm did not bring a Node with its headers; see node_modules/node.');
});
