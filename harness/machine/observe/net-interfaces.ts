import {type FileDump, matching, textOf} from '../file-dump.ts';
import {driverOf} from './pci-functions.ts';

/** A network interface of a virtio device, as the kernel shows it. */
export type NetInterface = {
	readonly name: string;
	/** PCI address of its function, e.g. `00:04.0`. */
	readonly address: string;
	/** Driver on the virtio bus, `virtio_net`. */
	readonly driver: string | undefined;
	/** IFF_UP: somebody switched it on. */
	readonly up: boolean;
	/** `up`, `down`, `dormant` … of RFC 2863; `unknown` where the driver does not say. */
	readonly operState: string;
	readonly mac: string;
};

const adapter = '/sys/bus/pci/devices/*/virtio*';

/** What a guest has to be asked for about its virtio network interfaces. */
export const netFiles: readonly string[] = [
	`${adapter}/uevent`,
	...['flags', 'operstate', 'address'].map((name) => `${adapter}/net/*/${name}`),
];

/** Every interface of the guest's own network namespace that hangs on a virtio device. */
export const netInterfaces = (dump: FileDump): readonly NetInterface[] =>
	matching(
		dump,
		/^(?<virtio>.*\/devices\/[\da-f]{4}:(?<pci>[\da-f:.]+)\/virtio\d+)\/net\/(?<name>[^\/]+)\/flags$/v,
	).map(({groups: [virtio = '', pci = '', name = ''], content}) => ({
		name,
		address: pci,
		driver: driverOf(textOf(dump, `${virtio}/uevent`)),
		// include/uapi/linux/if.h: IFF_UP is bit 0.
		up: (Number(content.toString()) & 1) === 1,
		operState: textOf(dump, `${virtio}/net/${name}/operstate`) ?? 'unknown',
		mac: textOf(dump, `${virtio}/net/${name}/address`) ?? '',
	}));
