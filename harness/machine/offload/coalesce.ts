import {pollPause} from '../../core/clock.ts';
import {type CoalesceCase, coalesceCases} from '../../lab/frames/coalesce-cases.ts';
import {type Flow} from '../../lab/frames/packet-headers.ts';
import {receivedPayloads} from '../../lab/frames/received-payloads.ts';
import {pidOf} from './pid-of.ts';
import {type OffloadSession} from './open-session.ts';

/** How a receiver merged the frames of one case. */
export type CoalesceOutcome = {
	readonly name: string;
	readonly isJudged: boolean;
	readonly expected: readonly number[];
	/** TCP payload of each packet that the guest's stack got. */
	readonly observed: readonly number[];
	readonly right: boolean;
	/** How often it was tried. */
	readonly tries: number;
};

/** Merging depends on the moment at which NAPI polls: the kernel's own runner tries as often (tools/testing/selftests/net/gro.sh). */
const maxTries = 3;
/** What is held back for merging is flushed by then, and a case cannot run into the next one. */
const pauseMs = 25;
/** Nanoseconds, and polls: frames that come one by one from an emulated card still meet in one round (Documentation/networking/napi.rst). */
const napi = {gro_flush_timeout: 8_000_000, napi_defer_hard_irqs: 4};

/** More than all cases have together. */
const maxFrames = 3000;

type Attempt = {readonly flow: Flow; readonly plan: CoalesceCase};

/** Injects every case of the kernel's selftest into the guest and reads back how its network stack saw them. */
export const coalesce = async (
	session: OffloadSession,
	{kernel}: {readonly kernel: readonly [major: number, minor: number]},
): Promise<readonly CoalesceOutcome[]> => {
	const {mtu} = session.lab.network;
	const outcomes = new Map<string, CoalesceOutcome>();
	await withNapi(session, async () => {
		for (let tries = 1; tries <= maxTries; tries++) {
			const left = plans(session, mtu, tries).filter(
				({plan}) => applies(plan, kernel) && outcomes.get(plan.name)?.right !== true,
			);
			if (left.length === 0 || (tries > 1 && left.every(({plan}) => !plan.isJudged))) {
				return;
			}

			const stream = await received(session, left);
			for (const {flow, plan} of left) {
				const observed = receivedPayloads(stream, flow) ?? [];
				const right = observed.join(' ') === plan.expectedPayloads.join(' ');
				const {name, isJudged, expectedPayloads} = plan;
				outcomes.set(name, {name, isJudged, expected: expectedPayloads, observed, right, tries});
			}
		}
	});
	return outcomes.values().toArray();
};

/** Each case on ports of its own, so that the guest's answer tells them apart, and none is merged with another one. */
const plans = ({flowToGuest}: OffloadSession, mtu: number, tries: number): readonly Attempt[] => {
	const flowOf = (index: number): Flow =>
		flowToGuest({source: 20_000 + tries * 1000 + index, destination: 30_000 + index});
	return coalesceCases(flowOf, {mtu}).map((plan, index) => ({flow: flowOf(index), plan}));
};

const applies = ({sinceKernel}: CoalesceCase, [major, minor]: readonly [number, number]): boolean =>
	sinceKernel === undefined || major > sinceKernel[0] || (major === sinceKernel[0] && minor >= sinceKernel[1]);

const received = async (
	{link, tools, frames, peer, lab, deadline}: OffloadSession,
	attempts: readonly Attempt[],
): Promise<Buffer> => {
	const {socat, busybox, directory} = tools;
	const file = `${directory}/frames`;
	// A packet socket that is bound stands in /proc/net/packet, below the line with the names.
	const started = await link.run(
		`${socat} -u -b 70000 INTERFACE:${link.name} CREATE:${file} </dev/null >/dev/null 2>&1 & p=$!
n=0; until [ "$(${busybox} wc -l </proc/net/packet)" -gt 1 ] || [ $n -ge 100 ]; do n=$((n+1)); ${busybox} usleep 20000; done; echo $p`,
	);
	const listener = pidOf(started);
	// Not looked at here: who wants to know why a case went wrong finds the frames among the artifacts.
	await using given = await frames.capture({filter: {ipProtocol: 6, direction: 'to-guest'}, maxFrames, deadline});
	for (const {plan} of attempts) {
		await frames.inject(plan.frames, deadline);
		await pollPause(pauseMs, deadline.signal);
	}

	await given.stop(deadline);
	await link.run(
		`kill ${listener}; ${socat} -u -T 20 -b 131072 OPEN:${file} TCP4:${lab.network.gateway}:${peer.ports.keep}; ${busybox} rm -f ${file}`,
	);
	return await peer.kept(deadline);
};

const withNapi = async ({link}: OffloadSession, action: () => Promise<void>): Promise<void> => {
	const knobs = Object.entries(napi);
	const {text} = await link.run(
		knobs
			.map(
				([knob, value]) =>
					`f=/sys/class/net/${link.name}/${knob}; read -r old <$f && echo ${value} >$f && echo "${knob} $old"`,
			)
			.join('\n'),
		{sysfs: true},
	);
	const before = text
		.split('\n')
		.map((line) => /^(?<knob>gro_flush_timeout|napi_defer_hard_irqs) (?<old>\d+)$/v.exec(line));
	try {
		await action();
	} finally {
		await link.run(
			before
				.map((match) =>
					match === null ? ':' : `echo ${match[2] ?? '0'} >/sys/class/net/${link.name}/${match[1] ?? ''}`,
				)
				.join('\n'),
			{sysfs: true},
		);
	}
};
