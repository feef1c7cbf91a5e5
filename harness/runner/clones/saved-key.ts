import {createHash} from 'node:crypto';
import {stat} from 'node:fs/promises';
import {helperLines} from '../../console/shell-helper.ts';
import {qemuArguments} from '../../profile/arguments.ts';
import {machineFiles} from '../../profile/floppy.ts';
import {hostProcessor} from '../../qemu/kvm-host.ts';
import {type RunPlan} from '../run-plan.ts';

/** Raised when what is saved, or how, changes without any of the parts below. */
const format = 4;

/** Programs and firmware that a saved state belongs to; those that a host lacks are passed over. */
const firmware = [
	'/usr/share/seabios/bios-256k.bin',
	'/usr/share/qemu/bios-256k.bin',
	'/usr/share/qemu/linuxboot_dma.bin',
];

/**
 * Names a saved machine by all that it depends on: the image's bytes, the machine, QEMU and its firmware, the processor under KVM, the way
 * in with its secret, and this program. The image's size stands in front, so that one that was never hashed can be passed over unread.
 */
export const savedKey = async (
	plan: RunPlan,
	image: {readonly sha256: string; readonly bytes: number},
): Promise<string> => {
	const {profile, qemu, accelerator, access, credentials, network, labFaults, version} = plan;
	const files = await Promise.all([qemu.path, ...firmware].map(identityOf));
	const parts = [
		format,
		version,
		image.sha256,
		profile,
		qemuArguments(profile, placeholder(accelerator.accelerator)),
		machineFiles(profile).map(({name, bytes}) => [name, createHash('sha256').update(bytes).digest('hex')]),
		qemu.version.text,
		files,
		accelerator.accelerator === 'kvm' ? await hostProcessor() : '',
		[access, credentials, network, labFaults],
		helperLines({input: '', output: ''}),
	];
	const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
	return `${image.bytes}-${digest}`;
};

const placeholder = (accelerator: 'tcg' | 'kvm') =>
	({
		accelerator,
		candidate: {path: '/candidate'},
		overlay: {path: '/overlay'},
		runDirectory: '/',
		firmwareLog: '/firmware',
		network: {type: 'tap', interface: 'tap', vnetHdr: true},
	}) as const;

const identityOf = async (file: string): Promise<string> => {
	try {
		const {size, mtimeMs} = await stat(file);
		return [file, size, mtimeMs].join(' ');
	} catch {
		return '';
	}
};
