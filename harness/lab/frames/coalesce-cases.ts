import {type CaseFrame, buildCaseFrame} from './coalesce-frame.ts';
import {headerCases, ipv4Cases} from './coalesce-header-cases.ts';
import {idCases, largeCases, lengthCases} from './coalesce-length-cases.ts';
import type {InjectedFrame} from './frame-tool.ts';
import type {Flow} from './packet-headers.ts';
import {plainHeader} from './vnet-header.ts';

/**
 * Frames that a receiver with GRO must merge in one way only. Injected back to back into an idle interface they are judged
 * within three tries, as the kernel's own runner does (tools/testing/selftests/net/gro.sh): merging depends on the moment NAPI polls.
 */
export type CoalesceCase = {
	/** Stable, kebab-case: for reports. */
	readonly name: string;
	readonly title: string;
	readonly frames: readonly InjectedFrame[];
	/** TCP payload of each packet after merging, in bytes, in the order of arrival. */
	readonly expectedPayloads: readonly number[];
	/** What IpInReceives must grow by, while the sum of IpExtIn{NoECT,ECT0,ECT1,CE}Pkts grows by the number of frames. */
	readonly expectedPackets: number;
	/** The frames whose TCP checksum is wrong: what TcpInCsumErrors must grow by. */
	readonly brokenChecksums: number;
	/** The first kernel (major, minor) on which the expectation holds; all where it is missing. */
	readonly sinceKernel: readonly [major: number, minor: number] | undefined;
	/** Of no weight in a verdict, only shown; the reason is `note`. */
	readonly isJudged: boolean;
	readonly note: string | undefined;
};

/** A case before its frames are built. */
export type CasePlan = Pick<CoalesceCase, 'name' | 'title' | 'expectedPayloads'> & {
	readonly frames: readonly CaseFrame[];
	readonly sinceKernel?: readonly [major: number, minor: number];
	/** Why the case is shown only; judged where it is missing. */
	readonly shownBecause?: string;
};

/**
 * The cases of the kernel's selftest (tools/testing/selftests/net/gro.c, Linux 6.18) for flows to one address and interface.
 * Unlike there, IPv4 identifiers count up where they are not the point of the case: kernels before 4.7 merge nothing with a constant one
 * (commit 1530545ed64b). Over IPv6 the cases about IPv4 headers are left out.
 * @param flowOf the connection of each case: all on one, or each on ports of its own
 * @param options.mtu of the interface, in bytes: the `large` cases fill it
 */
export const coalesceCases = (
	flowOf: (index: number) => Flow,
	{mtu}: {readonly mtu: number},
): readonly CoalesceCase[] => {
	const isIpv4 = !flowOf(0).destination.address.includes(':');
	const plans = [
		...lengthCases,
		...headerCases,
		...(isIpv4 ? [...ipv4Cases, ...idCases] : []),
		...largeCases(mtu, isIpv4 ? 20 : 40),
	];
	return plans.map((plan, at) => ({
		name: plan.name,
		title: plan.title,
		frames: plan.frames.map((frame, index) => ({header: plainHeader, bytes: buildCaseFrame(flowOf(at), frame, index)})),
		expectedPayloads: plan.expectedPayloads,
		expectedPackets: plan.expectedPayloads.length,
		brokenChecksums: plan.frames.filter(({hasBrokenChecksum}) => hasBrokenChecksum).length,
		sinceKernel: plan.sinceKernel,
		isJudged: plan.shownBecause === undefined,
		note: plan.shownBecause,
	}));
};
