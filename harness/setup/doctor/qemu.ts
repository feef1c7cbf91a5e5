import {readFile} from 'node:fs/promises';
import {execa} from 'execa';
import {BootwrightError, messageOf} from '../../core/errors.ts';
import {chooseAccelerator} from '../../qemu/accelerator.ts';
import {type QemuBinary, findQemu} from '../../qemu/find-qemu.ts';
import {openProcessMemory} from '../../qemu/process-memory.ts';
import type {Check} from './check.ts';

/** QEMU, the bridge that the cloud's machine has, how a guest would run, and the right to patch the machine. */
export const checkQemu = async (): Promise<readonly Check[]> => {
	const title = 'QEMU';
	let qemu: QemuBinary;
	try {
		qemu = await findQemu();
	} catch (error) {
		const cure = error instanceof BootwrightError ? error.hint : undefined;
		return [{id: 'qemu', title, ok: false, essential: true, found: messageOf(error), cure}];
	}

	return [
		{id: 'qemu', title, ok: true, essential: true, found: `${qemu.version.text}, ${qemu.path}`},
		await checkSouthBridge(qemu),
		await checkAccelerator(qemu),
		await checkProcessMemory(),
	];
};

/** A build may leave devices out, whatever its version. */
const checkSouthBridge = async ({path}: QemuBinary): Promise<Check> => {
	const [machine, bridge] = await Promise.all([
		execa(path, ['-machine', 'pc,help'], {reject: false}),
		execa(path, ['-device', 'piix4-isa,help'], {reject: false}),
	]);
	const ok = machine.stdout.includes('x-south-bridge') && bridge.exitCode === 0;
	return {
		id: 'qemu.south-bridge',
		title: 'PIIX4 south bridge',
		ok,
		essential: true,
		found: ok ? 'x-south-bridge=piix4-isa' : `${path} cannot put a PIIX4 on its pc machine`,
		cure: ok ? undefined : 'sudo apt-get install qemu-system-x86 (or name another QEMU in BOOTWRIGHT_QEMU)',
	};
};

/** Without KVM everything works, only slower: no lack, but worth knowing. */
const checkAccelerator = async (qemu: QemuBinary): Promise<Check> => {
	const {accelerator, reason, cure} = await chooseAccelerator('auto', qemu);
	return {
		id: 'accelerator',
		title: 'Accelerator',
		ok: true,
		essential: false,
		found: `${accelerator}: ${reason}${accelerator === 'tcg' ? '. Boots take a few times longer than with KVM' : ''}`,
		cure,
	};
};

const checkProcessMemory = async (): Promise<Check> => {
	const title = 'Patching QEMU';
	const id = 'process-memory';
	// Something of ours that waits until it is told to end.
	const child = execa('cat', {reject: false, stdin: 'pipe'});
	try {
		const memory = await openProcessMemory(child.pid ?? 0);
		await memory[Symbol.asyncDispose]();
		return {id, title, ok: true, essential: false, found: 'the memory of a child can be written'};
	} catch (error) {
		return {
			id,
			title,
			ok: false,
			essential: false,
			found: `the memory of a child cannot be written (${messageOf(error)}): PCI revisions and the IDE function will differ from the cloud's`,
			cure: await memoryCure(),
		};
	} finally {
		child.kill('SIGKILL');
		await child;
	}
};

/** Documentation/admin-guide/LSM/Yama.rst: 2 leaves tracing to administrators, 3 to nobody until the next start of the host. */
const memoryCure = async (): Promise<string> => {
	const scope = await readFile('/proc/sys/kernel/yama/ptrace_scope', 'utf8').catch(() => '');
	switch (scope.trim()) {
		case '2': {
			return 'sudo sysctl kernel.yama.ptrace_scope=1';
		}

		case '3': {
			return 'Set kernel.yama.ptrace_scope=1 in /etc/sysctl.d and start the host again: 3 cannot be taken back.';
		}

		default: {
			return 'Run it where a process may trace its children (in a container: --cap-add SYS_PTRACE).';
		}
	}
};
