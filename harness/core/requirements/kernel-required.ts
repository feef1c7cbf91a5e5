import {type RequirementText} from './types.ts';
import {type KernelRequiredOption} from './ids.ts';
import {kernelSection} from './guide.ts';
import {cite, kernelHistory} from './kernel-history.ts';

export const kernelObserved = '/proc/config.gz, /boot/config-* of the running kernel, or the file given with --config';

const rebuild = (line: string): string =>
	`Set ${line} in the kernel's .config, run "make olddefconfig", build, install.`;

const inInitramfs = (
	module: string,
): string => `A module is good enough when it is loaded before the disk and the network are needed: put ${module} into the initramfs
  Debian, Ubuntu: echo ${module} >> /etc/initramfs-tools/modules && update-initramfs -u -k all
  dracut: echo 'add_drivers+=" ${module} "' > /etc/dracut.conf.d/cloud.conf && dracut --force --regenerate-all
and prove it with "bootwright test".`;

export const kernelRequiredTexts: Record<KernelRequiredOption, RequirementText> = {
	KVM_GUEST: {
		title: 'CONFIG_KVM_GUEST=y',
		why: 'Paravirtual clock, end-of-interrupt and steal time. Without it the guest measures time by emulated hardware, drifts, and cannot tell a busy host from a busy process.',
		observed: {guest: kernelObserved},
		fix: rebuild('CONFIG_HYPERVISOR_GUEST=y, CONFIG_PARAVIRT=y and CONFIG_KVM_GUEST=y'),
		source: [kernelSection, 'Linux: arch/x86/Kconfig, arch/x86/kernel/kvm.c'],
	},
	KVM_CLOCK: {
		title: 'CONFIG_KVM_CLOCK=y, in kernels that have it (before 3.7)',
		why: 'The paravirtual clock. Without it time stops while an instance migrates, and jumps afterwards.',
		observed: {guest: kernelObserved},
		fix: `${rebuild('CONFIG_KVM_CLOCK=y')} Since Linux 3.7 it is part of CONFIG_KVM_GUEST and there is nothing to set.`,
		source: [kernelSection, cite(kernelHistory.kvmClockMerged)],
	},
	VIRTIO_PCI: {
		title: 'CONFIG_VIRTIO_PCI=y, with legacy devices',
		why: 'Disk, network and random numbers are virtio devices on the PCI bus. They are legacy (0.9.5) devices: with CONFIG_VIRTIO_PCI_LEGACY switched off the kernel finds none of them, however complete it is otherwise.',
		observed: {guest: `${kernelObserved}; for =m, whether the devices were seen working in this boot`},
		fix: `${rebuild('CONFIG_VIRTIO_MENU=y, CONFIG_VIRTIO_PCI=y and CONFIG_VIRTIO_PCI_LEGACY=y')}
${inInitramfs('virtio_pci')}`,
		source: [kernelSection, 'Linux: drivers/virtio/Kconfig, drivers/virtio/virtio_pci_legacy.c'],
	},
	SCSI_VIRTIO: {
		title: 'CONFIG_SCSI_VIRTIO=y',
		why: 'The boot disk hangs on a virtio SCSI adapter: without this driver the root file system is never found.',
		observed: {guest: `${kernelObserved}; for =m, whether the disk was seen working in this boot`},
		fix: `${rebuild('CONFIG_SCSI=y, CONFIG_BLK_DEV_SD=y, CONFIG_SCSI_LOWLEVEL=y and CONFIG_SCSI_VIRTIO=y')}
${inInitramfs('virtio_scsi')}`,
		source: [kernelSection, 'Linux: drivers/scsi/Kconfig, drivers/scsi/virtio_scsi.c'],
	},
	VIRTIO_NET: {
		title: 'CONFIG_VIRTIO_NET=y',
		why: 'The only network adapter there is: without its driver no metadata server, no SSH keys, no way in.',
		observed: {guest: `${kernelObserved}; for =m, whether the adapter was seen working in this boot`},
		fix: `${rebuild('CONFIG_NETDEVICES=y, CONFIG_NET_CORE=y and CONFIG_VIRTIO_NET=y')}
${inInitramfs('virtio_net')}`,
		source: [kernelSection, 'Linux: drivers/net/Kconfig, drivers/net/virtio_net.c'],
	},
	PCI_MSI: {
		title: 'CONFIG_PCI_MSI=y',
		why: 'Interrupts as messages. Without them every queue shares one pin, and local SSD devices do not work at all.',
		observed: {guest: kernelObserved},
		fix: `${rebuild('CONFIG_PCI=y and CONFIG_PCI_MSI=y')} No "pci=nomsi" on the kernel command line.`,
		source: [kernelSection, 'Linux: drivers/pci/Kconfig, Documentation/PCI/msi-howto.rst'],
	},
};
