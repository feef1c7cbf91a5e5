import test from 'ava';
import {execa} from 'execa';
import {dnsmasqArguments, dnsmasqReady} from '../../harness/lab/dnsmasq.ts';
import {type LabNetwork} from '../../harness/lab/lab-network.ts';

const network: LabNetwork = {
	interface: 'lab0',
	address: '10.128.0.2',
	mac: '42:01:0a:80:00:02',
	gateway: '10.128.0.1',
	gatewayMac: '42:01:0a:80:00:01',
	mtu: 1460,
	hostname: 'candidate',
	domain: 'c.example.internal',
};

test('the lease is one guest’s, a /32 behind the gateway, as in the cloud', (t) => {
	const options = new Set(dnsmasqArguments(network));
	for (const option of [
		'--dhcp-range=10.128.0.2,static,255.255.240.0,86400',
		'--dhcp-host=42:01:0a:80:00:02,10.128.0.2,candidate,86400',
		'--dhcp-ignore=tag:!known',
		'--dhcp-option-force=option:netmask,255.255.255.255',
		'--dhcp-option=option:router,10.128.0.1',
		'--dhcp-option-force=option:classless-static-route,10.128.0.1/32,0.0.0.0,0.0.0.0/0,10.128.0.1',
		'--dhcp-option=option:dns-server,169.254.169.254',
		'--dhcp-option=option:ntp-server,169.254.169.254',
		'--dhcp-option-force=option:mtu,1460',
		'--dhcp-option-force=12,candidate.c.example.internal',
		'--host-record=metadata.google.internal,169.254.169.254',
		'--host-record=candidate.c.example.internal,10.128.0.2',
	]) {
		t.true(options.has(option), option);
	}
});

test('nothing of this host is read, kept or asked', (t) => {
	const options = new Set(dnsmasqArguments(network));
	for (const option of [
		'--conf-file=/dev/null',
		'--no-hosts',
		'--no-resolv',
		'--no-poll',
		'--dhcp-leasefile=/dev/null',
		'--leasefile-ro',
		'--local=/#/',
		'--bind-interfaces',
		'--interface=lab0',
		'--except-interface=lo',
	]) {
		t.true(options.has(option), option);
	}
});

test('dnsmasq itself finds no fault with it', async (t) => {
	const env = {PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`};
	const {stderr} = await execa('dnsmasq', ['--test', ...dnsmasqArguments(network)], {env});
	t.is(stderr, 'dnsmasq: syntax check OK.');
	await t.throwsAsync(execa('dnsmasq', ['--test', ...dnsmasqArguments(network), '--no-such-option'], {env}));
});

test('the line after which it answers', (t) => {
	t.regex('dnsmasq-dhcp: DHCP, sockets bound exclusively to interface lab0', dnsmasqReady);
	t.notRegex('dnsmasq: started, version 2.90 cachesize 150', dnsmasqReady);
});
