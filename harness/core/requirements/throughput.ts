import {type RequirementText} from './types.ts';
import {type ThroughputId} from './ids.ts';
import {hardwareSection} from './guide.ts';

/** How the figures are read, for a person who asks. */
const reading =
	'In the report, "Measured" has two lines: rates and bytes a frame on the wire, which say something about your host; then the ratio that is judged, with its interval: above 1 the offload saves work. An interval that still lies across the limit after 66 pairs is "inconclusive", a skip: measure again on a quieter host (docs/offloads.md)';

const host =
	'byte counters of the tap and processor time of the virtual CPUs, in interleaved windows of one stream; ratio with its 95 % confidence interval';

export const throughputTexts: Record<ThroughputId, RequirementText> = {
	'throughput.checksum': {
		title: 'Not slower with checksum offload than without it',
		why: 'An offload that costs more than it saves points at a driver that falls back to copying.',
		observed: {
			guest: '"ethtool -K" toggles the checksum, with TSO and GSO off in both arms',
			host: `${host}: lower bound at least 0.90. ${reading}`,
		},
		fix: 'ethtool -K ens4 tx on rx on (and see hw.net.checksum). If the offload is on and slow, use a newer kernel: compare with another one.',
		source: [hardwareSection, 'Linux: Documentation/networking/checksum-offloads.rst'],
	},
	'throughput.tso4': {
		title: 'Sending is faster with TSO than without TSO and GSO',
		why: 'Segmentation offload is what makes sending at line rate affordable; a guest that does not gain from it does not really use it.',
		observed: {
			guest: '"ethtool -K" toggles TSO and GSO together',
			host: `${host}: lower bound above 1.2. ${reading}. With TSO a frame has tens of thousands of bytes, without it 1474 at most`,
		},
		fix: 'ethtool -K ens4 tx on sg on tso on gso on (and see hw.net.tso4).',
		source: [hardwareSection, 'Linux: Documentation/networking/segmentation-offloads.rst'],
	},
	'throughput.gro4': {
		title: 'Receiving small frames is not slower with GRO, and segments merge',
		why: 'Merging is meant to save work per packet; where nothing merges, a busy receiver is limited by packets instead of bytes.',
		observed: {
			guest: '"ethtool -K" toggles GRO; packets that the IP layer saw',
			host: `${host}: lower bound at least 0.90; segments merged into a packet, at least 2. ${reading}`,
		},
		fix: 'ethtool -K ens4 rx on gro on (and see hw.net.gro4).',
		source: [hardwareSection, 'Linux: net/core/gro.c, tools/testing/selftests/net/gro.c'],
	},
};
