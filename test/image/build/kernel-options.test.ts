import test from 'ava';
import {unmetOptions, withOptions} from '../../../harness/image/build/kernel-options.ts';

test('a variant is the base with other values, each option once', (t) => {
	t.is(
		withOptions('CONFIG_PCI=y\nCONFIG_PCI_MSI=y\nCONFIG_NR_CPUS=8\n', {PCI_MSI: 'n', NR_CPUS: 2, ACPI: 'y'}),
		'CONFIG_ACPI=y\nCONFIG_NR_CPUS=2\nCONFIG_PCI=y\n# CONFIG_PCI_MSI is not set\n',
	);
});

test('what Kconfig dropped, or set against the wish, is told', (t) => {
	const asked = 'CONFIG_KVM_GUEST=y\n# CONFIG_PCI_MSI is not set\n# CONFIG_SMP is not set\nCONFIG_NR_CPUS=2\n';
	t.deepEqual(unmetOptions(asked, 'CONFIG_X86=y\nCONFIG_PCI_MSI=y\nCONFIG_NR_CPUS=2\n'), [
		'CONFIG_KVM_GUEST is absent, asked for y',
		'CONFIG_PCI_MSI is y, asked for n',
	]);
});
