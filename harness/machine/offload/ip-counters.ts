/** What the IP layer and the transports above it counted, in the network namespace of whoever asked. */
export type IpCounters = {
	/** Packets that the IP layer took in, after merging (IpInReceives). */
	readonly packets: number;
	/** Packets as they were on the wire, before merging: a merged one counts as all of its segments (IpExtIn*Pkts, net/ipv4/ip_input.c). */
	readonly segments: number;
	/** TCP segments and UDP datagrams that were thrown away for their checksum. */
	readonly tcpBadChecksums: number;
	readonly udpBadChecksums: number;
};

/** The files that `parseIpCounters` reads, one after the other. */
export const ipCounterFiles = '/proc/net/snmp /proc/net/netstat';

/** Reads /proc/net/snmp and /proc/net/netstat: for each protocol a line of names and a line of numbers (net/ipv4/proc.c). */
export const parseIpCounters = (text: string): IpCounters => {
	const values = new Map<string, number>();
	const names = new Map<string, readonly string[]>();
	for (const line of text.split('\n')) {
		const [protocol = '', rest = ''] = line.split(': ', 2);
		const words = rest.trim().split(' ');
		const known = names.get(protocol);
		if (known === undefined) {
			names.set(protocol, words);
		} else {
			for (const [index, name] of known.entries()) {
				values.set(`${protocol}${name}`, Number(words[index]));
			}
		}
	}

	const value = (name: string): number => values.get(name) ?? 0;
	return {
		packets: value('IpInReceives'),
		segments: ['NoECT', 'ECT0', 'ECT1', 'CE'].reduce((sum, kind) => sum + value(`IpExtIn${kind}Pkts`), 0),
		tcpBadChecksums: value('TcpInCsumErrors'),
		udpBadChecksums: value('UdpInCsumErrors'),
	};
};

export const growthOf = (before: IpCounters, after: IpCounters): IpCounters => ({
	packets: after.packets - before.packets,
	segments: after.segments - before.segments,
	tcpBadChecksums: after.tcpBadChecksums - before.tcpBadChecksums,
	udpBadChecksums: after.udpBadChecksums - before.udpBadChecksums,
});
