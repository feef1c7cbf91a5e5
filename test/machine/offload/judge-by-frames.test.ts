import test from 'ava';
import {type Evidence, type Judgement, equal} from '../../../harness/core/verdict.ts';
import {type CapturedFrame} from '../../../harness/lab/frames/captured-frames.ts';
import {type FrameTool} from '../../../harness/lab/frames/frame-tool.ts';
import {type Lab} from '../../../harness/lab/open-lab.ts';
import {judgeByFrames} from '../../../harness/machine/offload/judge-by-frames.ts';
import {recordCaptures} from '../../../harness/machine/offload/record-captures.ts';
import {Deadline} from '../../../harness/core/deadline.ts';
import {recorded} from '../../lab/frames/_recorded.ts';

const right = equal('host', 'frames', {expected: 1, observed: 1});
const wrong = equal('host', 'frames', {expected: 1, observed: 2});

const told = async (evidence: readonly Evidence[], captured: readonly CapturedFrame[]) => {
	const files = new Map<string, number>();
	const notes: string[] = [];
	const judged: Array<Judgement | readonly Evidence[]> = [];
	await judgeByFrames('hw.net.tso4', evidence, {
		session: {captured: () => captured, lab: {network: {interface: 'lab0'}} as Lab},
		judge: (_id, judgement) => void judged.push(judgement),
		note: (text) => void notes.push(text),
		keep: async (name, bytes) => void files.set(name, bytes.length),
	});
	return {files, notes, judged};
};

test('a row that fails leaves its frames, and says where', async (t) => {
	const evidence = [right, wrong];
	const {files, notes, judged} = await told(evidence, recorded('exchange'));
	t.deepEqual(judged, [evidence]);
	t.deepEqual(files.keys().toArray(), ['hw.net.tso4.pcapng']);
	t.true((files.get('hw.net.tso4.pcapng') ?? 0) > 1000);
	t.deepEqual(notes, [
		'hw.net.tso4: the frames that it was judged by are in hw.net.tso4.pcapng (Wireshark and tcpdump read it)',
	]);
});

test('a row that passes leaves nothing, and one that was judged without frames neither', async (t) => {
	for (const {files, notes} of [await told([right], recorded('exchange')), await told([wrong], [])]) {
		t.is(files.size, 0);
		t.deepEqual(notes, []);
	}
});

test('every capture of a session is kept in its order, and hundreds of large frames do not add up', async (t) => {
	const [frame] = recorded('exchange');
	const large = {...frame!, bytes: Buffer.alloc(60_000), wireBytes: 60_000};
	const tool = {
		capture: async () => ({
			stop: async () => ({frames: Array.from({length: 300}, () => large), full: true, unseen: 0}),
			async [Symbol.asyncDispose]() {
				// Nothing runs.
			},
		}),
	} as unknown as FrameTool;
	const {frames, captured} = recordCaptures(tool);
	using deadline = new Deadline({phase: 'test', budgetMs: 1000});
	t.deepEqual(captured(), []);
	for (let index = 0; index < 20; index++) {
		const capture = await frames.capture({filter: {}, maxFrames: 300, deadline});
		const {frames: seen} = await capture.stop(deadline);
		t.is(seen.at(-1)?.bytes.length, 60_000, 'who captures gets them whole');
	}

	t.is(captured().length, 8 * 300);
	t.true(captured().reduce((sum, {bytes}) => sum + bytes.length, 0) < 8_000_000);
});
