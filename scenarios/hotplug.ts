import {
	type Evidence,
	type Judgement,
	type Machine,
	type ToolVisit,
	askVirtioStatus,
	equal,
	scenario,
} from '../harness/index.ts';

export default scenario({
	id: 'hotplug',
	title: 'A disk that comes and goes while the machine runs',
	proves: ['hw.scsi.hotplug'],
	needsGuest: true,
	usesTools: true,
	bringsTools: true,
	async run({guest, machine, judge}) {
		judge('hw.scsi.hotplug', await judgeVisit(await guest.toolbox(), machine));
	},
});

const judgeVisit = async (visit: ToolVisit, {qmp}: Machine): Promise<Judgement | readonly Evidence[]> => {
	if (visit.kind === 'unavailable') {
		const {reason, hint} = visit;
		return {verdict: 'skip', reason: `there is no disk to plug: ${reason}`, evidence: [], fix: hint};
	}

	const status = await askVirtioStatus(qmp, 'virtio-scsi');
	const evidence: readonly Evidence[] = [
		...appearance(visit),
		equal('host', 'feature bit HOTPLUG', {
			expected: 'negotiated',
			observed: status && (status.negotiated.includes('VIRTIO_SCSI_F_HOTPLUG') ? 'negotiated' : 'not negotiated'),
		}),
		{
			side: 'host',
			what: 'event DEVICE_DELETED after the disk was unplugged',
			expected: 'raised',
			observed: visit.deletedMs === undefined ? 'absent' : `raised after ${visit.deletedMs.toFixed(0)} ms`,
			holds: visit.deletedMs !== undefined,
		},
		...disappearance(visit),
	];
	const {tools} = visit;
	return tools.kind === 'none' && tools.noMemory && evidence.every(({holds}) => holds)
		? {verdict: 'skip', reason: `the disk came and went, and could not be read: ${tools.reason}`, evidence}
		: evidence;
};

type Plugged = Extract<ToolVisit, {kind: 'plugged'}>;

const appearance = ({target, seen, bytes, digest, sha256, patienceMs, tools}: Plugged): readonly Evidence[] => {
	const what = `disk that was plugged at SCSI target ${target}`;
	if (seen === undefined) {
		return [{side: 'guest', what, expected: 'there', observed: `absent after ${inSeconds(patienceMs)}`, holds: false}];
	}

	return [
		{
			side: 'guest',
			what,
			expected: 'there',
			observed: `there as ${seen.block} after ${inSeconds(seen.waitedCs * 10)}`,
			holds: true,
		},
		equal('guest', 'its capacity in sectors of 512 bytes', {expected: bytes / 512, observed: seen.sectors}),
		...(tools.kind === 'none' && tools.noMemory
			? []
			: [
					equal('guest', `SHA-256 of its ${bytes} bytes`, {
						expected: sha256,
						observed: digest ?? (tools.kind === 'none' ? tools.reason : undefined),
					}),
				]),
	];
};

const disappearance = ({gone, patienceMs, target}: Plugged): readonly Evidence[] =>
	gone === undefined
		? []
		: [
				equal('guest', `disk at target ${target} after it was unplugged`, {
					expected: 'gone',
					observed: gone ? 'gone' : `still there after ${inSeconds(patienceMs)}`,
				}),
			];

const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
