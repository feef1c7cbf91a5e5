import {type Evidence, equal} from '../../core/verdict.ts';
import {type FileDump, matching, textOf} from '../file-dump.ts';
import {type Machine} from '../scenario.ts';
import {type HostPciFunction, parseQueryPci} from './host-pci.ts';
import {type PciFunction, driverOf, hex, pciFiles, pciFunctions, pciId} from './pci-functions.ts';
import {type VirtioStatus, askVirtioStatus} from './virtio-status.ts';

/** A virtio device as the hardware manifest names it. Its vendor is 1AF4. */
export type VirtioIdentity = {
	/** As QEMU calls it, e.g. `virtio-scsi`. */
	readonly name: string;
	readonly device: number;
	readonly subsystem: number;
	/** Where the real machine has it: looked at when nothing bears the right ids. */
	readonly address: string;
	/** Driver on the virtio bus, e.g. `virtio_scsi`. */
	readonly driver: string;
};

const vendor = 0x1a_f4;

/** What a guest has to be asked for about any virtio device. */
export const virtioFiles: readonly string[] = [
	...pciFiles,
	...['uevent', 'features'].map((name) => `/sys/bus/pci/devices/*/virtio*/${name}`),
];

/**
 * Ids, driver and virtio revision of one device, from both sides. The cloud's devices are legacy ones (0.9.5): a driver
 * that agreed on VIRTIO_F_VERSION_1 talks to another machine than the cloud's.
 * @param dump of `virtioFiles`
 */
export const virtioEvidence = async (
	identity: VirtioIdentity,
	dump: FileDump,
	machine: Machine,
): Promise<readonly Evidence[]> => {
	const seen = pick(identity, pciFunctions(dump));
	const real = pick(identity, parseQueryPci(await machine.qmp('query-pci')));
	const status = await askVirtioStatus(machine.qmp, identity.name);
	return [
		...ids('guest', identity, seen),
		...guestDriver(identity, dump, seen),
		...ids('host', identity, real),
		...hostDriver(identity, status),
	];
};

const pick = <Entry extends PciFunction | HostPciFunction>(
	identity: VirtioIdentity,
	bus: readonly Entry[],
): Entry | undefined =>
	bus.find((entry) => entry.vendor === vendor && entry.device === identity.device) ??
	bus.find(({address}) => address === identity.address);

const ids = (
	side: 'guest' | 'host',
	{device, subsystem, address}: VirtioIdentity,
	found: PciFunction | HostPciFunction | undefined,
): readonly Evidence[] => [
	equal(side, `PCI id at ${found?.address ?? address}`, {
		expected: pciId(vendor, device),
		observed: found && pciId(found.vendor, found.device),
	}),
	equal(side, 'subsystem id', {
		expected: hex(subsystem, 4),
		observed: found?.subsystem === undefined ? undefined : hex(found.subsystem, 4),
	}),
];

/** In sysfs the bits stand as characters, bit 0 first (drivers/virtio/virtio.c, features_show): VIRTIO_F_VERSION_1 is bit 32. */
const versionOneBit = 32;

const guestDriver = ({driver}: VirtioIdentity, dump: FileDump, found: PciFunction | undefined): readonly Evidence[] => {
	const bus = matching(dump, /^(?<virtio>.*\/devices\/[\da-f]{4}:(?<pci>[\da-f:.]+)\/virtio\d+)\/uevent$/v).find(
		({groups: [, address]}) => address === found?.address,
	);
	const features = textOf(dump, `${bus?.groups[0] ?? ''}/features`);
	return [
		equal('guest', 'driver on the virtio bus', {
			expected: driver,
			observed: bus && (driverOf(bus.content.toString()) ?? 'none bound'),
		}),
		// Sysfs has had the file since virtio itself; without a driver every bit is 0 and proves nothing.
		...(features === undefined ? [] : [revision('guest', features.charAt(versionOneBit) === '1')]),
	];
};

const hostDriver = ({name}: VirtioIdentity, status: VirtioStatus | undefined): readonly Evidence[] => [
	equal('host', `driver status of ${name}`, {
		expected: 'DRIVER_OK',
		observed: status && (status.driverStatus.includes('VIRTIO_CONFIG_S_DRIVER_OK') ? 'DRIVER_OK' : 'not DRIVER_OK'),
	}),
	...(status === undefined ? [] : [revision('host', status.negotiated.includes('VIRTIO_F_VERSION_1'))]),
];

const revision = (side: 'guest' | 'host', modern: boolean): Evidence =>
	equal(side, 'virtio revision that the driver uses', {
		expected: 'legacy (0.9.5)',
		observed: modern ? '1.0 or newer' : 'legacy (0.9.5)',
	});
