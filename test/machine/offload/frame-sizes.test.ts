import test from 'ava';
import {Deadline} from '../../../harness/core/deadline.ts';
import {HostError} from '../../../harness/core/errors.ts';
import {type FrameFilter} from '../../../harness/lab/frames/frame-filter.ts';
import {summarizeCounts} from '../../../harness/lab/frames/frame-counts.ts';
import {countSizes} from '../../../harness/machine/offload/frame-sizes.ts';

type Session = Parameters<typeof countSizes>[0];

/** A session whose stream has frames of one length with the offload, and of another without. */
const sessionOf = (arm: () => string, seen: FrameFilter[], budgetMs = 5000): Session => {
	let looks = 0;
	const session = {
		deadline: new Deadline({phase: 'measure', budgetMs}),
		lab: {
			counters: async () => ({fromGuest: {frames: looks++ * 20, bytes: 0}, toGuest: {frames: looks++ * 20, bytes: 0}}),
		},
		peer: {ports: {sink: 1001, source: 1002}},
		frames: {
			count: async (filter: FrameFilter) => {
				seen.push(filter);
				return {
					stop: async () => ({
						...summarizeCounts([
							[true, 70, 0, 0, 5],
							[false, arm() === 'on' ? 52_000 : 1474, 0, 0, 3],
						]),
						unseen: arm() === 'on' ? 0 : 7,
					}),
					[Symbol.asyncDispose]: async () => undefined,
				};
			},
		},
	};
	return session as unknown as Session;
};

test('each arm is switched to, and looked at in the direction and on the port of the stream', async (t) => {
	const toggles: string[] = [];
	const seen: FrameFilter[] = [];
	const session = sessionOf(() => toggles.at(-1) ?? '', seen);
	const toggle = async (arm: string): Promise<void> => void toggles.push(arm);
	const sizes = await countSizes(session, {toggle, direction: 'from-guest'});
	t.deepEqual(toggles, ['on', 'off']);
	t.deepEqual(sizes?.on, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0]);
	t.deepEqual(sizes?.off, [0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0]);
	t.is(sizes?.unseen, 7);
	const back = await countSizes(session, {toggle, direction: 'to-guest'});
	t.deepEqual(back?.on, [0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
	t.deepEqual(
		seen.map(({ipProtocol, port, direction}) => `${ipProtocol} ${port} ${direction}`),
		['6 1001 from-guest', '6 1001 from-guest', '6 1002 to-guest', '6 1002 to-guest'],
	);
});

test('what goes wrong leaves it out, and the measurement stays; the deadline ends it', async (t) => {
	const broken = async (): Promise<void> => {
		throw new HostError('the interface is gone');
	};
	const options = {toggle: broken, direction: 'from-guest'} as const;
	t.is(
		await countSizes(
			sessionOf(() => 'on', []),
			options,
		),
		undefined,
	);
	const late = sessionOf(() => 'on', [], 20);
	await t.throwsAsync(countSizes(late, {...options, toggle: async () => undefined}), {message: /Phase "measure"/v});
});
