import test from 'ava';
import {UsageError} from '../../harness/core/errors.ts';
import {configDefect, parseKernelConfig} from '../../harness/policy/kernel-config.ts';

test('values, strings, unset options; the last line counts, whatever the line ends', (t) => {
	const {options, version, architecture} = parseKernelConfig(
		[
			'#',
			'# Automatically generated file; DO NOT EDIT.',
			'# Linux/x86 6.1.0-47-cloud-amd64 Kernel Configuration\r',
			'#',
			'CONFIG_A=y\r',
			'CONFIG_B=m\r',
			'# CONFIG_C is not set',
			'CONFIG_LSM="yama,\\"x\\",apparmor"',
			'CONFIG_HEX=0x10000',
			'CONFIG_EMPTY=""',
			'CONFIG_A=n',
			' CONFIG_INDENTED=y',
			'# CONFIG_D is not set, they say',
			'# Linux/arm64 5.0.0 Kernel Configuration',
		].join('\n'),
	);
	t.deepEqual(Object.fromEntries(options), {
		A: 'n',
		B: 'm',
		C: 'n',
		LSM: 'yama,"x",apparmor',
		HEX: '0x10000',
		EMPTY: '',
	});
	t.is(version?.text, '6.1.0-47-cloud-amd64');
	t.is(architecture, 'x86');
});

test('the header of an old kernel names no architecture', (t) => {
	const config = parseKernelConfig('# Linux kernel version: 2.6.32\nCONFIG_X86=y\n');
	t.deepEqual([config.version?.text, config.architecture], ['2.6.32', undefined]);
});

test('something else is no configuration', (t) => {
	t.throws(() => parseKernelConfig('#!/bin/sh\nconfig=y\n'), {
		instanceOf: UsageError,
		message: 'not a kernel configuration: no line "CONFIG_…=" or "# CONFIG_… is not set" in it',
	});
});

test('what is complete and for an x86 can be judged', (t) => {
	const defect = (text: string) => configDefect(parseKernelConfig(text));
	t.is(defect('# Linux/x86 6.1.0 Kernel Configuration\nCONFIG_X86=y\n'), undefined);
	t.is(defect('# Linux/i386 3.6.0 Kernel Configuration\nCONFIG_X86=y\n'), undefined);
	t.is(
		defect('# Linux/arm64 6.1.0 Kernel Configuration\nCONFIG_ARM64=y\n'),
		'it is for arm64, and the machine is an x86',
	);
	t.is(
		defect('CONFIG_KVM_GUEST=y\n'),
		'it is not a complete x86 configuration (no CONFIG_X86=y): a defconfig or a fragment leaves out what is at its default',
	);
});
