import {scenario} from '../harness/index.ts';

/** Rows that no scenario of this version can observe, with the reason. A row leaves this list with the scenario that judges it. */
const reasons = {
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
