import {identityOf} from '../identity.ts';
import {type NetworkBackend, type QemuRun, option} from '../run.ts';
import type {Profile} from '../schema.ts';
import {slotNumber} from './slot.ts';

/** The network device and what stands behind it. */
export const networkArguments = (profile: Profile, run: QemuRun): readonly string[] => {
	const {network, pci} = profile;
	return [
		'-netdev',
		backend(network, run.network),
		'-device',
		option('virtio-net-pci', {
			id: 'nic0',
			netdev: 'net0',
			addr: slotNumber(pci.network),
			mac: identityOf(profile).mac,
			host_mtu: network.mtu,
			// No boot ROM: the real device has no ROM BAR, and the firmware would try to boot from the network.
			romfile: '',
			'disable-legacy': false,
			'disable-modern': network.legacy,
			// It asks a guest to tell the network where it is after it was moved: a copy would be busy with that, and nobody listens.
			guest_announce: false,
			...network.features,
		}),
	];
};

/** The random number generator. */
export const rngArguments = ({pci, rng}: Profile): readonly string[] => [
	'-object',
	'rng-random,id=entropy,filename=/dev/urandom',
	'-device',
	option('virtio-rng-pci', {
		id: 'rng0',
		rng: 'entropy',
		addr: slotNumber(pci.rng),
		'disable-legacy': false,
		'disable-modern': rng.legacy,
	}),
];

const backend = ({address, gateway}: Profile['network'], behind: NetworkBackend): string => {
	switch (behind.type) {
		case 'user': {
			// restrict: the guest reaches neither the host nor anything behind it.
			return option('user', {
				id: 'net0',
				restrict: true,
				ipv6: false,
				net: `${gateway.replace(/\.\d+$/u, '.0')}/24`,
				host: gateway,
				dhcpstart: address,
				dns: gateway.replace(/\.\d+$/u, '.253'),
			});
		}

		case 'tap': {
			// No scripts: the sandbox lets QEMU start none.
			return option('tap', {
				id: 'net0',
				ifname: behind.interface,
				script: 'no',
				downscript: 'no',
				vnet_hdr: behind.vnetHdr,
			});
		}

		default: {
			return behind satisfies never;
		}
	}
};
