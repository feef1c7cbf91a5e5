import {type Deadline} from '../../core/deadline.ts';
import {corruptChecksum} from '../../lab/frames/broken-checksum.ts';
import {type CapturedFrame} from '../../lab/frames/captured-frames.ts';
import {type FrameTool, openFrameTool} from '../../lab/frames/frame-tool.ts';
import {type Flow} from '../../lab/frames/packet-headers.ts';
import {type Lab} from '../../lab/open-lab.ts';
import {type TapOffloads, type TrafficPeer, openPeer} from '../../lab/traffic/open-peer.ts';
import {type Guest} from '../guest.ts';
import {type IpCounters, ipCounterFiles, parseIpCounters} from './ip-counters.ts';
import {pidOf} from './pid-of.ts';
import {type LabAtHand} from './lab-at-hand.ts';
import {recordCaptures} from './record-captures.ts';
import {type OffloadTools, offloadTools} from './offload-tools.ts';
import {type TestLink, openLink} from './open-link.ts';
import {type Transfer, transferBothWays} from './transfer.ts';

/** Everything that an offload is tested with: the guest's interface, the host's end of its connections, and an eye on the wire. */
export type OffloadSession = AsyncDisposable & {
	readonly lab: Lab;
	readonly link: TestLink;
	readonly peer: TrafficPeer;
	readonly frames: FrameTool;
	/** What `frames` captured so far, in its order, cut to what fits a file of 8 MB. */
	readonly captured: () => readonly CapturedFrame[];
	readonly tools: OffloadTools;
	readonly deadline: Deadline;
	/** What the guest's IP layer has counted, where the interface is. */
	readonly counters: () => Promise<IpCounters>;
	/** Carries 16 MiB into the guest and back. */
	readonly transfer: () => Promise<Transfer>;
	/** What the host's side of the tap may hand over; it is put back at the end. */
	readonly setTap: (settings: TapOffloads) => Promise<void>;
	/** A stream that runs until it is disposed of: from the guest, or to it. */
	readonly stream: (direction: 'from-guest' | 'to-guest') => Promise<AsyncDisposable>;
	/** From a port of the host to one of the guest. */
	readonly flowToGuest: (ports: {readonly source: number; readonly destination: number}) => Flow;
};

/** Enough for hundreds of large frames, and over in half a second. */
const transferBytes = 16 * 1024 * 1024;

/** @throws HostError where the guest has no tools, or a helper cannot run */
export const openOffloadSession = async (
	guest: Guest,
	{lab, deadline, interface: name}: LabAtHand & {readonly deadline: Deadline},
): Promise<OffloadSession> => {
	await using stack = new AsyncDisposableStack();
	const {enter, network} = lab;
	const {signal} = deadline;
	const [peer, tool] = await Promise.all([
		openPeer({enter, address: network.gateway, interface: network.interface, dataBytes: transferBytes, signal}),
		openFrameTool({enter, interface: network.interface, signal, directory: lab.folder}),
	]);
	stack.use(peer);
	stack.use(tool);
	const {frames, captured} = recordCaptures(network.faults?.corruptsChecksums === true ? corrupting(tool) : tool);
	const tools = await offloadTools(guest);
	const link = stack.use(await openLink(guest, {lab, tools, deadline, interface: name}));
	let tapChanged = false;
	stack.defer(async () => {
		if (tapChanged && !signal.aborted) {
			await peer.setOffloads(everything, deadline);
		}
	});
	const owned = stack.move();
	return {
		lab,
		link,
		peer,
		frames,
		captured,
		tools,
		deadline,
		counters: async () => parseIpCounters((await link.exec(`${tools.busybox} cat ${ipCounterFiles}`)).text),
		transfer: async () => transferBothWays(link, {peer, tools, gateway: network.gateway, deadline}),
		async setTap(settings) {
			tapChanged = true;
			await peer.setOffloads(settings, deadline);
		},
		async stream(direction) {
			const {socat, busybox} = tools;
			const ends =
				direction === 'from-guest'
					? `OPEN:/dev/zero TCP4:${network.gateway}:${peer.ports.sink}`
					: `TCP4:${network.gateway}:${peer.ports.source} OPEN:/dev/null`;
			// It takes whatever the guest's processors have: what is asked of the guest meanwhile goes first.
			const last = `${busybox} renice -n 19 -p $! >/dev/null`;
			const stream = `${socat} -u -b 262144 ${ends} </dev/null >/dev/null 2>&1 &`;
			const pid = pidOf(await link.run(`${stream} ${last}; echo $!`));
			return {
				async [Symbol.asyncDispose]() {
					if (!signal.aborted) {
						// The wrapper replaces itself by the program: it has the same number.
						await link.run(`kill -9 ${pid}; :`);
					}
				},
			};
		},
		flowToGuest: ({source, destination}) => ({
			source: {mac: network.gatewayMac, address: network.gateway, port: source},
			destination: {mac: network.mac, address: network.address, port: destination},
		}),
		[Symbol.asyncDispose]: async () => owned.disposeAsync(),
	};
};

const corrupting = (tool: FrameTool): FrameTool => ({
	...tool,
	inject: async (frames, deadline) =>
		tool.inject(
			frames.map((frame) => ({...frame, bytes: corruptChecksum(frame.bytes)})),
			deadline,
		),
});

const everything: TapOffloads = {tx: true, sg: true, tso: true, gso: true};
