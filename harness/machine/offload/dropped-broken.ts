import {pollPause} from '../../core/clock.ts';
import {type Evidence, equal} from '../../core/verdict.ts';
import {tcpSynChecksumPair, udpChecksumPair} from '../../lab/frames/broken-checksum.ts';
import {parsePacket, protocols} from '../../lab/frames/packet.ts';
import {growthOf} from './ip-counters.ts';
import {pidOf} from './pid-of.ts';
import {type OffloadSession} from './open-session.ts';

const ports = {udpHost: 41_000, udpGuest: 41_001, tcpRight: 41_002, tcpBroken: 41_003, tcpGuest: 41_004} as const;
/** A frame that is going to be answered at all is answered by then, also under TCG. */
const answerMs = 400;

/**
 * Injects a datagram and a connection request with a right checksum and with a broken one, which nobody has verified: the guest's own
 * stack has to. Only the right ones may come to a socket or an answer.
 */
export const droppedBroken = async (session: OffloadSession): Promise<readonly Evidence[]> => {
	const {link, tools, frames, flowToGuest, deadline, counters} = session;
	const {socat, busybox, directory} = tools;
	const payload = Buffer.from('a datagram of the checksum test\n');
	const udp = udpChecksumPair(flowToGuest({source: ports.udpHost, destination: ports.udpGuest}), payload);
	const tcp = (source: number) => tcpSynChecksumPair(flowToGuest({source, destination: ports.tcpGuest}), source * 7919);
	const file = `${directory}/datagrams`;
	const started = await link.run(
		`${socat} -u UDP4-RECV:${ports.udpGuest} CREATE:${file} </dev/null >/dev/null 2>&1 & p=$!
n=0; until ${busybox} grep -q ':${ports.udpGuest.toString(16).toUpperCase()} ' /proc/net/udp || [ $n -ge 100 ]; do n=$((n+1)); ${busybox} usleep 20000; done; echo $p`,
	);
	const listener = pidOf(started);
	const before = await counters();
	await using capture = await frames.capture({
		// The requests as well: who looks at the capture afterwards wants to see what was answered.
		filter: {ipProtocol: protocols.tcp, port: ports.tcpGuest},
		maxFrames: 12,
		deadline,
	});
	await frames.inject([udp.right, udp.broken, tcp(ports.tcpRight).right, tcp(ports.tcpBroken).broken], deadline);
	await pollPause(answerMs, deadline.signal);
	const {frames: seen} = await capture.stop(deadline);
	const answers = new Set(
		seen
			.filter(({direction}) => direction === 'from-guest')
			.map(({bytes}) => parsePacket(bytes)?.transport.destinationPort),
	);
	const grown = growthOf(before, await counters());
	const {stdout} = await link.run(`kill ${listener}; ${busybox} cat ${file}; ${busybox} rm -f ${file}`);
	return [
		equal('guest', 'UDP socket after a datagram with a right checksum and one with a broken one', {
			expected: 'has the right one alone',
			observed: stdout.equals(payload)
				? 'has the right one alone'
				: `has ${stdout.length} bytes instead of ${payload.length}`,
		}),
		equal('host', 'answer to a TCP connection request with a right checksum', {
			expected: 'sent',
			observed: answers.has(ports.tcpRight) ? 'sent' : 'none',
		}),
		equal('host', 'answer to one with a broken checksum', {
			expected: 'none',
			observed: answers.has(ports.tcpBroken) ? 'sent' : 'none',
		}),
		equal('guest', 'packets that it counted as broken (UdpInCsumErrors, TcpInCsumErrors)', {
			expected: '1, 1',
			observed: `${grown.udpBadChecksums}, ${grown.tcpBadChecksums}`,
		}),
	];
};
