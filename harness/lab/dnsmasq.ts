import {type LabNetwork, metadataAddress, metadataName} from './lab-network.ts';

/** A day, as the cloud's leases. */
const leaseSeconds = 86_400;

/**
 * dnsmasq's command line: one lease for one guest, and the names of the cloud's inside. Options are in the words of dnsmasq(8).
 * What the lease says: https://cloud.google.com/compute/docs/networking/network-overview and the leases of real instances (a /32 with
 * classless routes, RFC 3442, so that even the gateway is reached by a route).
 */
export const dnsmasqArguments = (network: LabNetwork): readonly string[] => {
	const {interface: device, address, mac, gateway, mtu, hostname, domain} = network;
	const routes = `${gateway}/32,0.0.0.0,0.0.0.0/0,${gateway}`;
	return [
		// In the foreground, as whoever we are: in a namespace of one user there is nobody to become.
		'--no-daemon',
		'--conf-file=/dev/null',
		'--no-hosts',
		'--no-resolv',
		'--no-poll',
		'--no-ping',
		`--interface=${device}`,
		'--except-interface=lo',
		'--bind-interfaces',
		'--log-dhcp',
		'--log-queries=extra',
		'--dhcp-authoritative',
		'--dhcp-leasefile=/dev/null',
		'--leasefile-ro',
		// The wide mask is dnsmasq's own view: the guest is told /32 below.
		`--dhcp-range=${address},static,255.255.240.0,${leaseSeconds}`,
		`--dhcp-host=${mac},${address},${hostname},${leaseSeconds}`,
		'--dhcp-ignore=tag:!known',
		'--dhcp-option-force=option:netmask,255.255.255.255',
		`--dhcp-option=option:router,${gateway}`,
		`--dhcp-option-force=option:classless-static-route,${routes}`,
		`--dhcp-option=option:dns-server,${metadataAddress}`,
		`--dhcp-option=option:ntp-server,${metadataAddress}`,
		`--dhcp-option-force=option:mtu,${mtu}`,
		`--dhcp-option-force=option:domain-name,${domain}`,
		// host-name, which dnsmasq knows by its number alone: with the domain, as in the cloud.
		`--dhcp-option-force=12,${hostname}.${domain}`,
		`--dhcp-option=option:domain-search,${domain},google.internal`,
		// Names: the cloud's inside, and nothing of the world.
		`--domain=${domain}`,
		'--local=/#/',
		`--host-record=${metadataName},${metadataAddress}`,
		`--host-record=${hostname}.${domain},${address}`,
		`--ptr-record=254.169.254.169.in-addr.arpa,${metadataName}`,
	];
};

/** The line after which it answers. */
export const dnsmasqReady = /DHCP, sockets bound exclusively to interface /;

/** The line with which it gives the guest its address. */
export const dnsmasqLeased = /DHCPACK\(/;
