import {type RequirementText} from './types.ts';
import {type HardwareId} from './ids.ts';
import {hardwareSection} from './guide.ts';

const bridge = (name: string, id: string, role: string): RequirementText => ({
	title: `Intel 82371AB/EB/MB ${name}, ${id}, revision 03`,
	why: `${role} An image that was tuned for another chipset (Q35, a laptop) may lack what drives this one, and then loses its serial ports, its clock or the ability to power off.`,
	observed: {
		guest: `the device's configuration space as the kernel read it: /sys/bus/pci/devices/*/config, else lspci -n`,
		host: 'ids by query-pci; revision and class by reading configuration space through ports 0xcf8 and 0xcfc of the stopped machine',
	},
	fix: `Nothing in an image makes this device: when only the host's evidence is wrong, it is the machine (see qemu-profiles/gce.yaml, and "bootwright doctor").
When only the guest's is wrong, the kernel cannot see the bus: CONFIG_PCI=y, and no "pci=off" or "pci=conf2" on its command line.`,
	source: [hardwareSection, 'Intel 82371AB (PIIX4) data sheet, configuration registers', 'Linux: drivers/pci/probe.c'],
});

const ethtool = (features: string, lines: string): string => `As root in the image, until the next boot:
${lines}
For good, find who switches it off: grep -rE 'ethtool|offload|${features}' /etc/systemd/network /etc/udev/rules.d /etc/network /etc/NetworkManager
and set it there (systemd .link files, "ethtool -K" in an ifup script, "ethtool.feature-*" in NetworkManager).
A feature that reads "[fixed]" was never negotiated: the kernel is too old, or virtio_net was built without it.`;

export const pciAndNetTexts: Record<Extract<HardwareId, `hw.pci.${string}` | `hw.net.${string}`>, RequirementText> = {
	'hw.pci.isa-bridge': bridge(
		'PIIX4 ISA',
		'8086:7110',
		'The four serial ports, the clock and the keyboard controller sit behind it.',
	),
	'hw.pci.acpi-bridge': bridge(
		'PIIX4 ACPI',
		'8086:7113',
		'It carries the ACPI power management ports: a stop from the cloud console reaches the guest through it.',
	),
	'hw.net.identity': {
		title: 'virtio network adapter, 1af4:1000, subsystem 1, driven and up',
		why: 'It is the only network adapter there is. Without its driver the instance has no network, so no metadata server, no SSH keys, no startup script.',
		observed: {
			guest: 'PCI ids in sysfs, the bound driver, and the state of the interface',
			host: 'query-pci for the ids; x-query-virtio-status for DRIVER_OK',
		},
		fix: `Kernel: CONFIG_VIRTIO_PCI=y, CONFIG_VIRTIO_PCI_LEGACY=y, CONFIG_VIRTIO_NET=y (or the modules virtio_pci and virtio_net in the root file system).
Interface down: let the network manager bring up what matches "en*" or "eth*" by DHCP, for example in /etc/systemd/network/20-wired.network:
  [Match]
  Name=en* eth*
  [Network]
  DHCP=yes`,
		source: [
			hardwareSection,
			'Virtual I/O Device specification 1.2, section 4.1.2 (PCI device discovery)',
			'Linux: drivers/net/virtio_net.c',
		],
	},
	'hw.net.checksum': {
		title: 'Checksum offload, both ways',
		why: 'The cloud hands over frames whose checksum the host vouches for. A guest that does not take part burns processor time on every byte, and loses segmentation offload with it.',
		observed: {
			guest: 'feature bits CSUM and GUEST_CSUM of the virtio device, and "ethtool -k" as the image left it',
			host: 'negotiated features; frames that the guest sends carry partial checksums; a frame with a wrong checksum is dropped by the guest, and 16 MiB each way arrive unchanged (docs/offloads.md)',
		},
		fix: ethtool('checksum', '  ethtool -K ens4 tx on rx on'),
		source: [
			hardwareSection,
			'Virtual I/O Device specification 1.2, section 5.1.3 (VIRTIO_NET_F_CSUM, VIRTIO_NET_F_GUEST_CSUM)',
			'ethtool(8)',
		],
	},
	'hw.net.tso4': {
		title: 'TCP segmentation offload for IPv4',
		why: 'With it the guest hands over up to 64 KiB at once; without it every 1460 bytes cost a trip through the whole stack and sending is about three times slower.',
		observed: {
			guest: 'feature bit HOST_TSO4 of the virtio device, and "ethtool -k" as the image left it',
			host: 'negotiated features; frames longer than the MTU leave the guest, and every segment built from them is right; 16 MiB each way arrive unchanged (docs/offloads.md)',
		},
		fix: ethtool('tso|segmentation', '  ethtool -K ens4 tx on sg on tso on gso on'),
		source: [
			hardwareSection,
			'Virtual I/O Device specification 1.2, section 5.1.3 (VIRTIO_NET_F_HOST_TSO4)',
			'Linux: Documentation/networking/segmentation-offloads.rst',
		],
	},
	'hw.net.gro4': {
		title: 'Generic receive offload for IPv4',
		why: 'Received segments are merged before the IP layer sees them. Without it each small frame is a packet of its own, and a busy receiver drowns in per-packet work.',
		observed: {
			guest:
				'feature bit GUEST_TSO4, "ethtool -k" as the image left it, and segments merged before the IP layer (IpExtIn*Pkts against IpInReceives)',
			host: 'negotiated features; frames longer than the MTU are given to the guest; of small ones at least 2 for each packet that its IP layer saw, and sizes as the rules of GRO have it (docs/offloads.md)',
		},
		fix: ethtool('gro|receive-offload', '  ethtool -K ens4 rx on gro on'),
		source: [
			hardwareSection,
			'Virtual I/O Device specification 1.2, section 5.1.3 (VIRTIO_NET_F_GUEST_TSO4)',
			'Linux: net/core/gro.c',
		],
	},
};
