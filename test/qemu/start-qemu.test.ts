import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
import {connect} from 'node:net';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {monotonicMs} from '../../harness/core/clock.ts';
import {HostError, InterruptedError} from '../../harness/core/errors.ts';
import {findQemu} from '../../harness/qemu/find-qemu.ts';
import {startQemu} from '../../harness/qemu/start-qemu.ts';
import {folder, script} from './_script.ts';
import {stoppedMachine} from './_stopped.ts';

const entry = path.resolve(import.meta.dirname, '../../harness/bootwright.js');

/** Gone, or dead and only not yet collected by whoever has inherited it. */
const isGone = async (pid: number): Promise<boolean> => {
	const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
	return status.slice(status.lastIndexOf(')')).startsWith(') Z');
};

test('the machine stands still until it is told to go on, and its files lie in its directory', async (t) => {
	const {process, directory} = await stoppedMachine(t);
	t.deepEqual(await process.qmp.execute('query-status'), {running: false, status: 'prelaunch'});
	t.is((await readFile(path.join(directory, 'ssdt-floppy.bin'))).length, 27);
	t.is(await readFile(path.join(directory, 'firmware.log'), 'utf8'), '');
	await process.qmp.execute('cont');
	t.deepEqual(await process.qmp.execute('query-status'), {running: true, status: 'running'});
});

test('a machine with UEFI has the firmware and variables of its own', async (t) => {
	const {process, directory, profile} = await stoppedMachine(t, {name: 'gce-uefi'});
	const {code, variables} = profile.firmware.uefi ?? {code: '', variables: ''};
	const own = path.join(directory, 'uefi-variables.fd');
	t.deepEqual(await readFile(own), await readFile(variables));
	const chips = await process.qmp.humanMonitor('info block');
	t.regex(chips, new RegExp(String.raw`uefi-code: ${code} \(file, read-only\)`, 'u'));
	t.regex(chips, /uefi-variables: uefi-variables\.fd \(file\)/u);
	// What the processor reads first is the end of the program.
	const [, first = ''] = /: (0x[\da-f]+)/u.exec(await process.qmp.humanMonitor('xp /1wx 0xfffffff0')) ?? [];
	t.is(Number(first), (await readFile(code)).readUInt32LE((await readFile(code)).length - 16));
});

test('a host without the firmware is told what to install', async (t) => {
	const uefi = {code: '/gone/code.fd', variables: '/gone/variables.fd'};
	const error = await t.throwsAsync(stoppedMachine(t, {overrides: {firmware: {uefi}}}), {instanceOf: HostError});
	t.regex(error.message, /^The machine's firmware cannot be read: ENOENT.*\/gone\/variables\.fd/u);
	t.is(error.hint, 'sudo apt-get install ovmf; or a profile of your own names other files (firmware: uefi:)');
});

test('everything that can be denied is denied', async (t) => {
	const {process} = await stoppedMachine(t);
	// PR_SET_SECCOMP with a filter: proc(5), Seccomp 2. No new privileges: exec cannot give what the filter took.
	const status = await readFile(`/proc/${process.pid}/status`, 'utf8');
	t.regex(status, /^Seccomp:\s+2$/mu);
	t.regex(status, /^NoNewPrivs:\s+1$/mu);
});

test('disposing of it ends it in order', async (t) => {
	const {process} = await stoppedMachine(t);
	await process[Symbol.asyncDispose]();
	t.deepEqual(await process.exited, {code: 0, signal: undefined, lastWords: ''});
	t.true(await isGone(process.pid));
});

test('QEMU that is killed takes every call with it', async (t) => {
	const {process: qemu} = await stoppedMachine(t);
	const wait = qemu.qmp.execute('query-status').then(async () => qemu.qmp.execute('query-status'));
	await wait;
	process.kill(qemu.pid, 'SIGKILL');
	t.deepEqual(await qemu.exited, {code: undefined, signal: 'SIGKILL', lastWords: ''});
	await t.throwsAsync(qemu.qmp.execute('cont'), {
		instanceOf: HostError,
		message: /QEMU closed its monitor\. Its last words: killed by SIGKILL/u,
	});
});

/** Starts something that is not the cloud's machine. */
const start = async (
	t: ExecutionContext,
	{lines, args = [], signal}: {lines?: string; args?: readonly string[]; signal?: AbortSignal},
) => {
	const directory = await folder(t);
	const binary = await findQemu();
	return startQemu({
		binary: lines === undefined ? binary : {...binary, path: await script(directory, 'qemu', lines)},
		arguments: args,
		runDirectory: directory,
		qmpLog: path.join(directory, 'qmp.log'),
		signal,
	});
};

test("an argument that QEMU refuses is quoted in QEMU's words", async (t) => {
	await t.throwsAsync(start(t, {args: ['-machine', 'pc-i440fx-99.0']}), {
		instanceOf: HostError,
		message:
			/^QEMU ended before it started the machine \(exit code 1: qemu-system-x86_64: .*unsupported machine type: "pc-i440fx-99\.0"/u,
	});
});

test('QEMU that dies silently', async (t) => {
	await t.throwsAsync(start(t, {lines: 'kill -SEGV $$'}), {
		instanceOf: HostError,
		message: 'QEMU ended before it started the machine (killed by SIGSEGV)',
	});
});

test('QEMU that talks for ever is quoted by its end', async (t) => {
	const error = await t.throwsAsync(
		start(t, {lines: 'i=0; while [ $i -lt 20000 ]; do echo "line $i"; i=$((i + 1)); done >&2; exit 3'}),
		{instanceOf: HostError},
	);
	t.true(error.message.length < 5000);
	t.regex(error.message, /line 19999\)$/u);
});

test('an interruption while it starts ends it', async (t) => {
	const controller = new AbortController();
	const directory = await folder(t);
	const started = start(t, {
		lines: `echo $$ >"${directory}/pid"; mkfifo "${directory}/there"; : >"${directory}/there"; exec sleep 1000`,
		signal: controller.signal,
	});
	started.catch(() => undefined);
	await execa('sh', ['-c', `until [ -p "${directory}/there" ]; do sleep 0.01; done; cat "${directory}/there"`]);
	const pid = Number(await readFile(path.join(directory, 'pid'), 'utf8'));
	controller.abort(new InterruptedError('SIGTERM'));
	await t.throwsAsync(started, {instanceOf: InterruptedError});
	t.true(await isGone(pid));
});

test('what was interrupted before is not started', async (t) => {
	const signal = AbortSignal.abort(new InterruptedError('SIGINT'));
	await t.throwsAsync(start(t, {lines: 'exit 1', signal}), {instanceOf: InterruptedError});
});

/** Resolves with the milliseconds until the machine in a directory is gone: then, and only then, its sockets close. */
const untilGone = async (directory: string, kill: () => void): Promise<number> => {
	const socket = connect(path.join(directory, 'ttyS0.sock'));
	socket.on('error', () => undefined);
	await once(socket, 'connect');
	socket.resume();
	const startedAt = monotonicMs();
	kill();
	// Not "once": a QEMU that is killed may reset the connection first, which is as good.
	await new Promise((resolve) => {
		socket.once('close', resolve);
	});
	return monotonicMs() - startedAt;
};

test('QEMU does not survive a harness that is killed outright', async (t) => {
	const directory = await folder(t);
	const parent = spawn(process.execPath, [path.join(import.meta.dirname, '_parent.ts'), directory], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const [line] = (await once(parent.stdout, 'data')) as [Buffer];
	const pid = Number(/^started (?<pid>\d+)$/mu.exec(line.toString())?.groups?.['pid']);
	const ms = await untilGone(directory, () => parent.kill('SIGKILL'));
	t.true(ms < 1000, `${ms} ms`);
	t.true(await isGone(pid));
});

/** A Node of the host that is too old to run the sources, where it has one: what most machines start the program with. */
const olderNode = async (): Promise<string | undefined> => {
	const folders = (process.env['PATH'] ?? '').split(':');
	for (const each of folders) {
		const node = path.join(each, 'node');
		const {stdout, failed} = await execa(node, ['--version'], {reject: false});
		if (!failed && Number(/^v(?<major>\d+)/u.exec(stdout)?.groups?.['major']) < 24) {
			return node;
		}
	}

	return undefined;
};

test('nor the older Node that handed over', async (t) => {
	const node = await olderNode();
	if (node === undefined) {
		t.pass('this host has no older Node');
		return;
	}

	const directory = await folder(t);
	const machine = await stoppedMachine(t);
	// The same machine again, in a directory of its own.
	const command = await readFile(`/proc/${machine.process.pid}/cmdline`, 'utf8');
	const [qemu = '', ...args] = command.split('\0').slice(0, -1);
	await execa('cp', [path.join(machine.directory, 'ssdt-floppy.bin'), directory]);
	await machine.process[Symbol.asyncDispose]();
	const options = ['--profile', 'gce', '--qemu', qemu, '--directory', directory];
	const parent = spawn(node, [entry, 'start-machine', ...options, '--', ...args], {stdio: ['pipe', 'ignore', 'pipe']});
	t.teardown(() => parent.kill('SIGKILL'));
	let said = '';
	for await (const chunk of parent.stderr) {
		said += String(chunk);
		if (said.includes('Serial console on this terminal')) {
			break;
		}
	}

	const ms = await untilGone(directory, () => parent.kill('SIGKILL'));
	t.true(ms < 1000, `${ms} ms`);
});

const networkFeatures = {
	csum: false,
	guest_csum: false,
	gso: false,
	host_tso4: false,
	host_tso6: false,
	host_ecn: false,
	guest_tso4: false,
	guest_tso6: false,
	guest_ecn: false,
	mrg_rxbuf: false,
	ctrl_guest_offloads: false,
};

test('QEMU takes whatever a profile can say', async (t) => {
	const {process} = await stoppedMachine(t, {
		overrides: {
			machine: {type: 'pc', southBridge: 'piix3', floppy: 'visible'},
			firmware: {serialConsole: false, strictBoot: false},
			smbios: {system: {product: 'Commas, in names'}},
			disk: {legacy: false, numQueues: 64, hotplug: false, logicalBlockSize: 4096, discardGranularity: 0, dpofua: true},
			network: {legacy: false, mtu: 9000, features: networkFeatures},
			rng: {legacy: false},
			uarts: {ttyS1: null, ttyS3: {port: 0x2_e0, irq: 5}},
			extraDisks: {
				cd: {kind: 'cdrom', scsiId: 3, sizeMiB: 1},
				data: {kind: 'disk', scsiId: 255, sizeMiB: 64},
			},
		},
	});
	const tree = await process.qmp.humanMonitor('info qtree');
	t.regex(tree, /dev: scsi-cd, id "cd"/u);
	t.regex(tree, /dev: scsi-hd, id "data"/u);
	t.regex(tree, /num_queues = 64 /u);
	t.regex(tree, /host_tso4 = false/u);
});
