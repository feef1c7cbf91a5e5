import {createHash, createHmac, randomBytes} from 'node:crypto';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {findProgram} from '../../core/find-program.ts';
import {qemuArguments} from '../../profile/arguments.ts';
import {machineFiles} from '../../profile/machine-files.ts';
import {type QemuBinary} from '../../qemu/find-qemu.ts';
import {hostProcessor} from '../../qemu/kvm-host.ts';
import {type RunPlan} from '../run-plan.ts';
import {stampOf} from '../../program/files-digest.ts';
import {programDigest} from './program-digest.ts';

/** What of a plan a saved machine depends on. */
export type KeyPlan = Pick<
	RunPlan,
	'profile' | 'qemu' | 'accelerator' | 'access' | 'credentials' | 'network' | 'labFaults' | 'version'
>;

/**
 * Names a saved machine by all that it depends on: the image's bytes, the machine, QEMU and its firmware, the processor under KVM, the way
 * in with its secret, and this program. The image's size stands in front, so that one that was never hashed can be passed over unread.
 * Whoever sees the name cannot try passwords on it: it is keyed by a secret of the store.
 * @param options.root of the store
 */
export const savedKey = async (
	plan: KeyPlan,
	{sha256, bytes, root}: {readonly sha256: string; readonly bytes: number; readonly root: string},
): Promise<string> => {
	const {profile, qemu, accelerator, access, credentials, network, labFaults, version} = plan;
	const parts = [
		version,
		programDigest(),
		sha256,
		profile,
		qemuArguments(profile, placeholder(accelerator.accelerator)),
		machineFiles(profile).flatMap((file) =>
			'bytes' in file ? [[file.name, createHash('sha256').update(file.bytes).digest('hex')]] : [],
		),
		qemu.version.text,
		[...(await programsOf(qemu)), ...Object.values(profile.firmware.uefi ?? {})].map((file) => stampOf(file)),
		accelerator.accelerator === 'kvm' ? await hostProcessor() : '',
		[access, credentials, network, labFaults],
	];
	const digest = createHmac('sha256', await secretOf(root))
		.update(JSON.stringify(parts))
		.digest('hex')
		.slice(0, 32);
	return `${bytes}-${digest}`;
};

/** QEMU, and the firmware of its package or beside it. Those that a host lacks are passed over. */
const programsOf = async ({path: qemu}: QemuBinary): Promise<readonly string[]> => {
	// The one that is started: where else PATH leads makes no other machine. npm and npx put folders of theirs in front.
	const found = qemu.includes('/') ? qemu : await findProgram(qemu, process.env['PATH'] ?? '');
	const binary = found ?? qemu;
	const folders = ['/usr/share/seabios', '/usr/share/qemu', path.resolve(path.dirname(binary), '../share/qemu')];
	return [binary, ...folders.flatMap((folder) => firmware.map((name) => path.join(folder, name)))];
};

const firmware = ['bios-256k.bin', 'linuxboot_dma.bin', 'kvmvapic.bin'];

const secretOf = async (root: string): Promise<Buffer> => {
	const file = path.join(root, '.secret');
	await mkdir(root, {recursive: true, mode: 0o700});
	// Whoever comes first makes it.
	await writeFile(file, randomBytes(32), {flag: 'wx', mode: 0o600}).catch(() => undefined);
	return await readFile(file);
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
