import {type Evidence} from '../../core/verdict.ts';
import {type ScenarioContext} from '../scenario.ts';
import {judgeThroughput, measurementsOf} from './judge-throughput.ts';
import {type MeasurePairs, measurePairs} from './measure-pairs.ts';
import {type OffloadSession} from './open-session.ts';
import {throughputRules, windowsOf} from './throughput-rules.ts';

export type JudgeByStream = Pick<ScenarioContext, 'machine' | 'judge' | 'measured'> &
	Pick<MeasurePairs, 'toggle'> & {
		readonly session: OffloadSession;
		/** As people call the offload. */
		readonly name: string;
		/** Of the stream in which it is measured. */
		readonly direction: 'from-guest' | 'to-guest';
		/** What else has to hold. */
		readonly evidence: readonly Evidence[];
		/** What is told beside the rates. */
		readonly more?: string;
	};

/** Measures what an offload is worth in one stream, tells the figures, and settles its row by the rule for it. */
export const judgeByStream = async (
	row: keyof typeof throughputRules,
	{session, machine, judge, measured, toggle, name, direction, evidence, more}: JudgeByStream,
): Promise<void> => {
	const {lab, deadline} = session;
	const id = `throughput.${row}` as const;
	const rule = throughputRules[row];
	await using _stream = await session.stream(direction);
	const counted = direction === 'from-guest' ? 'fromGuest' : 'toGuest';
	const result = await measurePairs({...windowsOf(machine, {lab, direction: counted, deadline}), ...rule, toggle});
	const figures = measurementsOf(id, {name, measured: result, more});
	for (const figure of figures) {
		measured(figure);
	}

	const judgesWallTime = machine.facts.accelerator === 'kvm';
	judge(id, judgeThroughput({...rule, measured: result, judgesWallTime, evidence}));
};
