import {type RequirementId} from '../../core/requirements/ids.ts';
import {type Evidence} from '../../core/verdict.ts';
import {pcapFile} from '../../lab/frames/pcap.ts';
import {type ScenarioContext} from '../scenario.ts';
import {type OffloadSession} from './open-session.ts';

type JudgeByFrames = Pick<ScenarioContext, 'judge' | 'keep' | 'note'> & {
	readonly session: Pick<OffloadSession, 'captured' | 'lab'>;
};

/** Settles a row. Where it fails, the frames that were captured for it become an artifact, and a note says which. @throws HostError */
export const judgeByFrames = async (
	id: RequirementId,
	evidence: readonly Evidence[],
	{session, judge, keep, note}: JudgeByFrames,
): Promise<void> => {
	judge(id, evidence);
	const captured = session.captured();
	if (captured.length === 0 || evidence.every(({holds}) => holds)) {
		return;
	}

	const name = `${id}.pcapng`;
	await keep(name, pcapFile(session.lab.network.interface, captured));
	note(`${id}: the frames that it was judged by are in ${name} (Wireshark and tcpdump read it)`);
};
