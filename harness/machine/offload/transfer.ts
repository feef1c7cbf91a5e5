import {type Deadline} from '../../core/deadline.ts';
import {type Digested, type TrafficPeer} from '../../lab/traffic/open-peer.ts';
import {type OffloadTools} from './offload-tools.ts';
import {type TestLink} from './open-link.ts';

/** What came of carrying the peer's bytes into the guest and back again. */
export type Transfer = {
	/** SHA-256 of what the guest received. */
	readonly received: string;
	/** Of what came back from it. */
	readonly returned: Digested | undefined;
};

/** Far more than a guest under load is silent for. */
const silenceSeconds = 20;

/** Carries the peer's bytes into the guest and back. */
export const transferBothWays = async (
	link: TestLink,
	{
		peer,
		tools,
		gateway,
		deadline,
	}: {readonly peer: TrafficPeer; readonly tools: OffloadTools; readonly gateway: string; readonly deadline: Deadline},
): Promise<Transfer> => {
	const {socat, busybox, directory} = tools;
	const file = `${directory}/transfer`;
	// Where the interface disappears in the middle neither end hears of it: silence ends a transfer.
	const copy = `${socat} -u -T ${silenceSeconds} -b 131072`;
	// Digested while it is sent back: a guest has two processors.
	const {text, stderr, status} = await link.run(
		`f=${file}
${copy} TCP4:${gateway}:${peer.ports.give} CREATE:$f && {
${busybox} sha256sum $f & d=$!
${copy} OPEN:$f TCP4:${gateway}:${peer.ports.take}; s=$?; wait $d && (exit $s)
}; s=$?; ${busybox} rm -f $f; exit $s`,
		{deadline},
	);
	const received = /^[\da-f]{64}/v.exec(text)?.[0] ?? `nothing (${stderr.trim().split('\n').at(-1) ?? ''})`;
	return {received, returned: status === 0 && received.length === 64 ? await peer.taken(deadline) : undefined};
};
