import {identityOf, macOf} from '../profile/identity.ts';
import {type Profile} from '../profile/schema.ts';
import {type MetadataFault} from './metadata/metadata-faults.ts';

/** The guest's network as the cloud lays it out: one address of its own, everything else behind the gateway. */
export type LabNetwork = {
	/** The tap that stands for the other end of the guest's cable. */
	readonly interface: string;
	/** The guest's, which DHCP gives to its MAC alone. */
	readonly address: string;
	readonly mac: string;
	readonly gateway: string;
	/** The tap's, and the same in every lab: a copy of a saved guest knows its neighbours from another one. */
	readonly gatewayMac: string;
	readonly mtu: number;
	/** First label of the host name, and the domain it stands in. */
	readonly hostname: string;
	readonly domain: string;
	/** Undefined: as it should be. */
	readonly faults?: LabFaults | undefined;
};

/** A lab that is wrong on purpose, for mutants. */
export type LabFaults = {
	/** The tap passes no virtio-net headers. */
	readonly vnetHdr?: false | undefined;
	/** Whatever is injected arrives with another checksum. */
	readonly corruptsChecksums?: true | undefined;
	/** How its metadata server answers. */
	readonly metadata?: MetadataFault | undefined;
};

/** Where the cloud has its metadata server, its name server, its time server and the server of its leases. */
export const metadataAddress = '169.254.169.254';
export const metadataName = 'metadata.google.internal';

/** Every lab has a namespace of its own: the name is never taken. */
const tap = 'lab0';

export const labNetworkOf = (profile: Profile, faults?: LabFaults): LabNetwork => ({
	interface: tap,
	address: profile.network.address,
	mac: identityOf(profile).mac,
	gateway: profile.network.gateway,
	gatewayMac: macOf(profile.network.macPrefix, profile.network.gateway),
	mtu: profile.network.mtu,
	hostname: 'candidate',
	domain: 'c.bootwright-lab.internal',
	...(faults !== undefined && {faults}),
});

/**
 * Lines for `ip -batch` that make the network inside a new namespace. The tap passes virtio-net headers: without them QEMU withdraws
 * every offload (hw/net/virtio-net.c, virtio_net_get_features).
 */
export const ipBatch = ({interface: device, address, gateway, gatewayMac, mtu, faults}: LabNetwork): string =>
	[
		'link set dev lo up',
		`tuntap add dev ${device} mode tap${faults?.vnetHdr === false ? '' : ' vnet_hdr'}`,
		// /32: the cloud's guests have no neighbours, they reach even the gateway by a route.
		`address add ${gateway}/32 dev ${device}`,
		`address add ${metadataAddress}/32 dev ${device}`,
		`link set dev ${device} address ${gatewayMac} mtu ${mtu} up`,
		`route add ${address}/32 dev ${device} src ${gateway}`,
		'',
	].join('\n');
