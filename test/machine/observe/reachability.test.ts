import test from 'ava';
import {type Expected, parseReachable, reachabilityNotes} from '../../../harness/machine/observe/reachability.ts';

/** Of Debian 12 with openssh-server, in the lab. */
const recorded = `clock 1795629900
hostname candidate.c.bootwright-lab.internal
address 10.128.0.2
route
ssh
metadata
name`;
const expected: Expected = {address: '10.128.0.2', hostname: 'candidate', leaseMs: 9312, clock: 1_795_629_901};

test('where all is well one line says so', (t) => {
	t.deepEqual(reachabilityNotes(parseReachable(recorded), expected), [
		'On the network: lease after 9.3 s, default route, metadata, names, host name candidate.c.bootwright-lab.internal, clock right within 1 s, port 22 open',
	]);
});

test('whatever keeps people out has a line of its own, with what to look at', (t) => {
	const without = (line: string): readonly string[] =>
		reachabilityNotes(parseReachable(recorded.replace(`\n${line}`, '')), expected).slice(1);
	const nobody = 'Nobody could log in over the network:';
	t.deepEqual(without('route'), [
		`${nobody} it has no default route: the cloud gives it by classless routes (RFC 3442), which its DHCP client must take`,
	]);
	t.deepEqual(without('metadata'), [
		`${nobody} the metadata server at 169.254.169.254 did not answer: is there a route, or a firewall in the way?`,
	]);
	t.deepEqual(without('name'), [
		`${nobody} metadata.google.internal has no address for it: it must ask the name server of the lease (169.254.169.254)`,
	]);
	t.deepEqual(without('ssh'), [
		`${nobody} nothing listens on port 22: no SSH server is installed, or it did not start`,
	]);
	t.deepEqual(without('address 10.128.0.2'), [
		`${nobody} it does not have the address 10.128.0.2 that the lease gave it (it has none)`,
	]);
	t.deepEqual(reachabilityNotes(parseReachable(recorded), {...expected, clock: 1_795_626_300}).slice(1), [
		`${nobody} its clock is off by 3600 s`,
	]);
	t.deepEqual(reachabilityNotes(parseReachable(recorded), {...expected, leaseMs: undefined}).slice(1), [
		`${nobody} it never asked for an address by DHCP: is its network manager set up for this interface?`,
	]);
});

test('a host name of its own is told, and no reason to stay out', (t) => {
	const [facts, ...problems] = reachabilityNotes(parseReachable(recorded.replace(/candidate\S*/v, 'debian')), expected);
	t.true(facts?.includes('host name debian, not candidate as the lease says'));
	t.deepEqual(problems, []);
});
