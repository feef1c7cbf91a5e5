import {type RunEvent} from '../../harness/core/events.ts';
import {equal, judgeEvidence} from '../../harness/core/verdict.ts';
import {type Surroundings} from '../../harness/report/progress.ts';

type Started = Extract<RunEvent, {type: 'run-started'}>;

export const start = (changes: Partial<Started> = {}): Started => ({
	type: 'run-started',
	at: Date.UTC(2026, 0, 2, 3, 4, 5),
	version: '0.1.0',
	image: {path: 'image.raw', bytes: 2_147_483_648, sha256: undefined},
	machine: {
		profile: 'gce',
		accelerator: 'tcg',
		acceleratorReason: 'the CPU flags show neither vmx nor svm',
		qemu: '10.0.2',
		vcpus: 2,
		memoryMiB: 2048,
	},
	artifacts: '/state/bootwright/runs/20260102-030405-image',
	requirements: [
		'hw.scsi.spc4',
		'hw.scsi.block-size',
		'hw.net.tso4',
		'hw.net.gro4',
		'kernel.VIRTIO_NET',
		'boot.console-clean',
	],
	scenarios: ['scsi', 'net'],
	strict: false,
	command: 'npx bootwright test image.raw',
	...changes,
});

const at = start().at;

export const judged = (
	id: string,
	judgement: Extract<RunEvent, {type: 'requirement-judged'}>['judgement'],
): RunEvent => ({type: 'requirement-judged', at, id, scenario: 'scsi', judgement});

export const passed = (id: string): RunEvent =>
	judged(id, judgeEvidence([equal('guest', 'ANSI version', {expected: 6, observed: 6})]));

const noLab = {
	verdict: 'skip',
	reason: 'the network lab is not part of this version',
	evidence: [],
} as const;

/** A run with every kind of verdict, on a guest that writes hostile bytes. */
export const exampleRun: readonly RunEvent[] = [
	start(),
	{type: 'phase-reached', at: at + 800, phase: 'firmware', ms: 812.4},
	{type: 'phase-reached', at: at + 2100, phase: 'bootloader', ms: 2104},
	{type: 'phase-reached', at: at + 4900, phase: 'kernel', ms: 4903},
	{type: 'phase-reached', at: at + 17_000, phase: 'userspace', ms: 17_004},
	{type: 'access-tried', at: at + 20_000, method: 'shell', opened: false, why: 'no prompt on ttyS1'},
	{type: 'access-tried', at: at + 20_400, method: 'inject', opened: true, why: 'ext4 on partition 1, systemd'},
	{type: 'phase-reached', at: at + 20_500, phase: 'access', ms: 20_500},
	{
		type: 'console-problem',
		at: at + 21_000,
		problem: {
			kind: 'io-error',
			severity: 'error',
			port: 'ttyS0',
			line: 'I/O error, dev sda, sector 8 \u001B[31m\u202Egnp.exe',
			offset: 20_481,
		},
	},
	{type: 'scenario-started', at: at + 21_000, scenario: 'scsi'},
	passed('hw.scsi.spc4'),
	judged(
		'hw.scsi.block-size',
		judgeEvidence([
			equal('guest', 'physical block size of sda', {expected: 4096, observed: 4096}),
			equal('guest', 'logical block size of sda', {expected: 512, observed: 4096}),
		]),
	),
	{
		type: 'measured',
		at,
		scenario: 'scsi',
		measurement: {
			id: 'throughput.gro4',
			metric: 'wall-ratio',
			value: 1.39,
			ci95: [1.3, 1.5],
			samples: [1.3, 1.39, 1.5],
			text: 'GRO: 700 Mbit/s with it, 510 without, ratio 1.39 (1.30 to 1.50)',
		},
	},
	judged('hw.net.tso4', noLab),
	judged('hw.net.gro4', noLab),
	judged('kernel.VIRTIO_NET', {
		verdict: 'warn',
		reason: 'CONFIG_VIRTIO_NET=m where y is required; the driver was seen working in this boot',
		evidence: [equal('guest', 'CONFIG_VIRTIO_NET', {expected: 'y', observed: 'm'})],
		fix: 'CONFIG_VIRTIO_NET=y',
	}),
	judged('boot.console-clean', {
		verdict: 'fail',
		reason: '1 problem on the consoles',
		evidence: [{side: 'host', what: 'problems', expected: 'none', observed: 'io-error on ttyS0', holds: false}],
	}),
	{type: 'scenario-finished', at: at + 21_640, scenario: 'scsi', verdict: 'fail', durationMs: 640},
	{type: 'image-hashed', at: at + 21_700, sha256: 'ab'.repeat(32)},
	{type: 'note', at: at + 21_700, text: 'the guest sees a floppy controller that the cloud does not have'},
	{type: 'run-finished', at: at + 41_000, durationMs: 41_000, exitCode: 1},
];

/** Where nothing is known of earlier boots, and the guest has said nothing. */
export const surroundings: Surroundings = {usual: () => new Map(), lastLine: () => ''};
