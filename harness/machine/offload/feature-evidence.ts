import {type Evidence, equal} from '../../core/verdict.ts';
import {matching} from '../file-dump.ts';
import {type Guest} from '../guest.ts';
import {askVirtioStatus} from '../observe/virtio-status.ts';
import {type Machine} from '../scenario.ts';
import {type Features, describeFeature} from './ethtool-features.ts';

/** Bits of a virtio network device (virtio 1.3, 5.1.3), as they stand in sysfs: one character a bit, bit 0 first. */
export const netFeatureBits = {CSUM: 0, GUEST_CSUM: 1, GUEST_TSO4: 7, HOST_TSO4: 11} as const;
export type NetFeature = keyof typeof netFeatureBits;

/** That both sides agreed on some feature bits: as the guest's driver acknowledged them, and as QEMU was told. */
export const negotiated = async (
	names: readonly NetFeature[],
	{guest, machine}: {readonly guest: Guest; readonly machine: Machine},
): Promise<readonly Evidence[]> => {
	const [dump, status] = await Promise.all([
		guest.readAll(['/sys/bus/pci/devices/*/virtio*/features', '/sys/bus/pci/devices/*/virtio*/device']),
		askVirtioStatus(machine.qmp, 'virtio-net'),
	]);
	const device = matching(dump, /^(?<virtio>.*)\/device$/v).find(
		// linux/virtio_ids.h: 1 is a network card.
		({content}) => Number(content.toString()) === 1,
	);
	const bits = dump.get(`${device?.groups[0] ?? ''}/features`)?.toString();
	return names.flatMap((name) => [
		equal('guest', `feature bit ${name}`, {
			expected: 'acknowledged',
			observed: bits && (bits.charAt(netFeatureBits[name]) === '1' ? 'acknowledged' : 'not acknowledged'),
		}),
		equal('host', `feature bit ${name}`, {
			expected: 'negotiated',
			observed: status && (status.negotiated.includes(`VIRTIO_NET_F_${name}`) ? 'negotiated' : 'not negotiated'),
		}),
	]);
};

/** That the image left features on. */
export const leftOn = (features: Features, names: readonly string[]): readonly Evidence[] =>
	names.map((name) => {
		const observed = describeFeature(features, name) ?? 'absent';
		return {
			side: 'guest',
			what: `"ethtool -k" as the image left it: ${name}`,
			expected: 'on',
			observed,
			holds: features.get(name)?.on === true,
		};
	});
