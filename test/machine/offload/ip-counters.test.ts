import test from 'ava';
import {growthOf, parseIpCounters} from '../../../harness/machine/offload/ip-counters.ts';
import {recorded} from './_recorded.ts';

const text = recorded('ip-counters');

test('packets after merging, and segments before it', (t) => {
	t.deepEqual(parseIpCounters(text), {packets: 58, segments: 2135, tcpBadChecksums: 0, udpBadChecksums: 0});
});

test('segments of every kind of congestion notification count', (t) => {
	const marked = text.replace(/^(?<head>IpExt: (?:\d+ ){13})2135 0 0 0/mv, '$<head>2000 1 30 400');
	t.is(parseIpCounters(marked).segments, 2431);
});

test('broken checksums by protocol; ICMP and UDP-Lite are others', (t) => {
	const changed = text
		.replace(/^(?<head>Tcp: 1 .*) 0$/mv, '$<head> 7')
		.replace(/^Udp: 0 0 0 0 0 0 0 /mv, 'Udp: 0 0 0 0 0 0 5 ')
		.replace(/^Icmp: 0 0 0 /mv, 'Icmp: 0 0 9 ');
	const {tcpBadChecksums, udpBadChecksums} = parseIpCounters(changed);
	t.deepEqual([tcpBadChecksums, udpBadChecksums], [7, 5]);
});

test('files that are missing or broken off count nothing', (t) => {
	const nothing = {packets: 0, segments: 0, tcpBadChecksums: 0, udpBadChecksums: 0};
	t.deepEqual(parseIpCounters(''), nothing);
	t.deepEqual(parseIpCounters('Ip: Forwarding DefaultTTL InReceives'), nothing);
});

test('growth', (t) => {
	const before = parseIpCounters(text);
	const after = {packets: 60, segments: 2200, tcpBadChecksums: 1, udpBadChecksums: 2};
	t.deepEqual(growthOf(before, after), {packets: 2, segments: 65, tcpBadChecksums: 1, udpBadChecksums: 2});
});
