import {execa} from 'execa';
import type {TestNetwork} from './_network.ts';

/** The counters by which a guest without any program of ours shows what its stack got. */
export const counters = async ({enter}: TestNetwork) => {
	const [file, ...args] = [...enter, 'cat', '/proc/net/netstat', '/proc/net/snmp'];
	const lines = (await execa(file, args)).stdout.split('\n').map((line) => line.split(' '));
	const value = (group: string, name: string): number => {
		const [names = [], values = []] = lines.filter(([first]) => first === `${group}:`);
		return Number(values[names.indexOf(name)]);
	};
	const marks = ['InNoECTPkts', 'InECT1Pkts', 'InECT0Pkts', 'InCEPkts'];
	return {
		frames: marks.reduce((sum, name) => sum + value('IpExt', name), 0),
		packets: value('Ip', 'InReceives'),
		brokenTcp: value('Tcp', 'InCsumErrors'),
		brokenUdp: value('Udp', 'InCsumErrors'),
	};
};
