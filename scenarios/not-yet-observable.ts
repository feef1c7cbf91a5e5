import {scenario} from '../harness/index.ts';

const networkLab =
	'needs the network lab, which this version does not have: the guest boots on user-mode network, where QEMU withdraws every offload';

/** Rows that no scenario of this version can observe, with the reason. A row leaves this list with the scenario that judges it. */
const reasons = {
	'hw.net.checksum': networkLab,
	'hw.net.tso4': networkLab,
	'hw.net.gro4': networkLab,
	'throughput.checksum': networkLab,
	'throughput.tso4': networkLab,
	'throughput.gro4': networkLab,
	'import.archive': 'needs the packer of the import archive, which this version does not have',
} as const;

const ids = Object.keys(reasons) as Array<keyof typeof reasons>;

export default scenario({
	id: 'not-yet-observable',
	title: 'Requirements that this version cannot observe',
	proves: ids,
	needsGuest: false,
	run({judge}) {
		for (const id of ids) {
			judge(id, {verdict: 'skip', reason: reasons[id], evidence: []});
		}
	},
});
