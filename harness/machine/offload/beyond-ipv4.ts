import {messageOf} from '../../core/errors.ts';
import {type FrameFilter} from '../../lab/frames/frame-filter.ts';
import {etherTypes} from '../../lab/frames/ip.ts';
import {protocols} from '../../lab/frames/packet.ts';
import {askVirtioStatus} from '../observe/virtio-status.ts';
import {type ScenarioContext} from '../scenario.ts';
import {describeFeature} from './ethtool-features.ts';
import {type OffloadSession} from './open-session.ts';

/** The longest frame, or why there was none. */
type Seen = {readonly longestBytes: number; readonly why: string};

/** As people, QEMU and `ethtool -k` call it. */
type Shown = {readonly name: string; readonly bit: string; readonly feature: string};

type Show = Pick<ScenarioContext, 'machine' | 'measured' | 'note'>;

/** The guest's, for as long as it sends: one of its own would not be usable before nobody has claimed it for a second (RFC 4862, 5.4). */
const guestAddress = 'fe80::b007';
/** Discard (RFC 863). Nobody listens: what is sent before the refusal comes back is enough. */
const discardPort = 9;
const tcpBytes = 1024 * 1024;
/** One write, cut into 43 datagrams: it may hold 65 507 bytes, and 64 segments (linux/udp.h, UDP_MAX_SEGMENTS). */
const udpBytes = 60_000;
const udpSegmentBytes = 1400;
/** SOL_UDP and UDP_SEGMENT (linux/udp.h, since 4.18), which socat knows by number alone. */
const udpSegment = `setsockopt-int=17:103:${udpSegmentBytes}`;

/**
 * Shows what no row judges: the longest frames with which the guest sends TCP over IPv6, and UDP with UDP_SEGMENT. Whatever goes wrong
 * here is told and changes no verdict.
 */
export const showBeyondIpv4 = async (session: OffloadSession, {machine, measured, note}: Show): Promise<void> => {
	try {
		const negotiated = (await askVirtioStatus(machine.qmp, 'virtio-net'))?.negotiated ?? [];
		const show = ({longestBytes, why}: Seen, {name, bit, feature}: Shown): void => {
			const agreed = negotiated.includes(`VIRTIO_NET_F_${bit}`) ? 'negotiated' : 'not negotiated';
			const left = describeFeature(session.link.features, feature) ?? 'absent';
			const state = `${bit} ${agreed}, ${feature} ${left}`;
			if (longestBytes === 0) {
				note(`${name} is not judged, and was not seen: ${why}; ${state}`);
				return;
			}

			measured({
				id: 'offload-tso',
				metric: `${feature}-longest-frame`,
				value: longestBytes,
				ci95: [longestBytes, longestBytes],
				samples: [longestBytes],
				text: `${name} (not judged): longest frame ${longestBytes} bytes; ${state}`,
			});
		};

		show(await tcpOverIpv6(session), {name: 'TCP over IPv6', bit: 'HOST_TSO6', feature: 'tx-tcp6-segmentation'});
		show(await segmentedUdp(session), {name: 'UDP segmentation', bit: 'HOST_USO', feature: 'tx-udp-segmentation'});
	} catch (error) {
		session.deadline.signal.throwIfAborted();
		note(`IPv6 and UDP segmentation are not judged, and were not seen: ${messageOf(error)}`);
	}
};

const tcpOverIpv6 = async (session: OffloadSession): Promise<Seen> => {
	const {link, peer, tools} = session;
	if (peer.ipv6 === null) {
		return {longestBytes: 0, why: 'the lab has no IPv6 on this host'};
	}

	const {address, sink} = peer.ipv6;
	return longest(
		session,
		{etherType: etherTypes.ipv6, ipProtocol: protocols.tcp, port: sink},
		`${tools.ip} -6 address add ${guestAddress}/64 dev ${link.name} nodad 2>/dev/null || { echo 'the guest has no IPv6' >&2; exit; }
${tools.socat} -u -T 1 -b 131072 OPEN:/dev/zero,readbytes=${tcpBytes} 'TCP6:[${address}%${link.name}]:${sink},connect-timeout=1'
${tools.ip} -6 address del ${guestAddress}/64 dev ${link.name}`,
	);
};

const segmentedUdp = async (session: OffloadSession): Promise<Seen> =>
	longest(
		session,
		{ipProtocol: protocols.udp, port: discardPort},
		`${session.tools.socat} -u -b ${udpBytes} OPEN:/dev/zero,readbytes=${udpBytes} UDP4:${session.lab.network.gateway}:${discardPort},${udpSegment}`,
	);

const longest = async (
	{link, frames, deadline}: OffloadSession,
	filter: FrameFilter,
	command: string,
): Promise<Seen> => {
	await using count = await frames.count({...filter, direction: 'from-guest'}, deadline);
	const {stderr} = await link.run(command);
	const {'from-guest': seen} = await count.stop(deadline);
	return {longestBytes: seen.longestBytes, why: stderr.trim().split('\n').at(-1) ?? ''};
};
