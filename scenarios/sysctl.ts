import {judgeSysctls, scenario, sysctlFiles, sysctlIds, sysctlObservation} from '../harness/index.ts';

export default scenario({
	id: 'sysctl',
	title: 'Sysctls as the image leaves them',
	proves: sysctlIds,
	needsGuest: true,
	async run({guest, judge}) {
		const observed = sysctlObservation(await guest.readAll(sysctlFiles));
		for (const [id, judgement] of judgeSysctls(observed)) {
			judge(id, judgement);
		}
	},
});
