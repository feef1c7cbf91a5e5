import {HostError} from '../../core/errors.ts';
import {type Measurement} from '../../core/events.ts';
import {type Evidence} from '../../core/verdict.ts';
import {type ScenarioContext} from '../scenario.ts';
import {countSizes} from './frame-sizes.ts';
import {judgeThroughput, measurementsOf} from './judge-throughput.ts';
import {lostLink} from './lost-link.ts';
import {type MeasurePairs, measurePairs} from './measure-pairs.ts';
import {type OffloadSession} from './open-session.ts';
import {throughputRules, windowsOf} from './throughput-rules.ts';

export type JudgeByStream = Pick<ScenarioContext, 'machine' | 'judge' | 'measured' | 'alone'> &
	Pick<MeasurePairs, 'toggle'> & {
		readonly session: OffloadSession;
		/** As people call the offload. */
		readonly name: string;
		/** Of the stream in which it is measured. */
		readonly direction: 'from-guest' | 'to-guest';
		/** What else has to hold. */
		readonly evidence: readonly Evidence[];
		/** Segments to a packet, where it is about merging. */
		readonly merged?: Measurement['merged'];
	};

/** Measures what an offload is worth in one stream, tells the figures, and settles its row by the rule for it. */
export const judgeByStream = async (
	row: keyof typeof throughputRules,
	{session, machine, judge, measured, alone, toggle, name, direction, evidence, merged}: JudgeByStream,
): Promise<void> => {
	const {lab, deadline} = session;
	const id = `throughput.${row}` as const;
	const rule = throughputRules[row];
	await alone();
	await using _stream = await session.stream(direction);
	const counted = direction === 'from-guest' ? 'fromGuest' : 'toGuest';
	const measuring = measurePairs({...windowsOf(machine, {lab, direction: counted, deadline}), ...rule, toggle});
	const result = await measuring.catch(async (error: unknown) => {
		// A stream that stands still is the image's fault where its interface is gone, and nobody's else.
		const lost = error instanceof HostError && !deadline.signal.aborted ? await lostLink(session.link) : [];
		if (lost.length === 0) {
			throw error;
		}

		return lost;
	});
	if (!('wall' in result)) {
		judge(id, [...evidence, ...result]);
		return;
	}

	const frameSizes = await countSizes(session, {toggle, direction});
	const figures = measurementsOf(id, {name, measured: result, frameSizes, merged});
	for (const figure of figures) {
		measured(figure);
	}

	const judgesWallTime = machine.facts.accelerator === 'kvm';
	judge(id, judgeThroughput({...rule, measured: result, judgesWallTime, evidence}));
};
