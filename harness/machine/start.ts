import path from 'node:path';
import {monotonicMs} from '../core/clock.ts';
import {Deadline} from '../core/deadline.ts';
import {type BootPhase, type ConsoleProblem, type MachineFacts, type PortName, portNames} from '../core/events.ts';
import {ConsolePort} from '../console/port.ts';
import {prepareWatch, watchConsole} from '../console/watch-console.ts';
import {type Cable} from '../lab/open-cable.ts';
import {type Accelerator} from '../qemu/accelerator.ts';
import {reasonAndCure} from '../qemu/reason-and-cure.ts';
import {type QemuBinary} from '../qemu/find-qemu.ts';
import {type KnownPlaces, applyOverrides} from '../qemu/overrides.ts';
import {startQemu} from '../qemu/start-qemu.ts';
import {qemuArguments} from '../profile/arguments.ts';
import {machineFiles} from '../profile/machine-files.ts';
import {type NetworkBackend, type QemuRun} from '../profile/run.ts';
import {type Profile} from '../profile/schema.ts';
import {machineEnd} from './end.ts';
import {hostFault} from './host-fault.ts';
import {pausedPciConfig} from './paused-pci.ts';
import {diskPlugger} from './plug-disk.ts';
import {servedRequests} from './served-requests.ts';
import {type Machine, type MachineNetwork} from './scenario.ts';
import {vcpuClock} from './vcpu-time.ts';
import {loadState, saveState} from './saved/migrate.ts';
import {GuestWatch, type ReachedPhases} from './watch.ts';

export type StartMachine = {
	readonly profile: Profile;
	readonly qemu: QemuBinary;
	readonly accelerator: Accelerator;
	/** Disks and kernel of this start. */
	readonly run: Omit<QemuRun, 'accelerator' | 'firmwareLog' | 'network'>;
	/** Default: QEMU's own. */
	readonly network?: MachineNetwork | undefined;
	/** Instead, for a copy that talks to nobody: its card is the same. */
	readonly cable?: Cable | undefined;
	/** Where console logs, firmware log and QMP log go. */
	readonly logDirectory: string;
	readonly timeoutScale: number;
	readonly boot: Machine['boot'];
	/** Takes up a machine that was saved, instead of starting one. */
	readonly saved?: SavedState | undefined;
	readonly signal?: AbortSignal | undefined;
	readonly onPid?: ((pid: number) => void) | undefined;
	readonly onPhase?: ((phase: BootPhase, ms: number) => void) | undefined;
	readonly onProblem?: ((problem: ConsoleProblem) => void) | undefined;
};

/** What a copy of a saved machine begins with. */
export type SavedState = {
	/** Of `RunningMachine.save`. */
	readonly statePath: string;
	/** Of an earlier copy; filled in where it is empty. */
	readonly known?: KnownPlaces;
	readonly phases: ReachedPhases;
	/** Of the machine and all its copies: grows with what this one complains about. */
	readonly problems: ConsoleProblem[];
	/** Bytes that the machine's ports had received. */
	readonly received: Readonly<Partial<Record<PortName, number>>>;
	/** Of `Machine.leaseMs`. */
	readonly leaseMs: number | undefined;
};

/** A machine that stands before its first instruction, or where it was saved. Disposing of it ends QEMU, then the consoles. */
export type RunningMachine = AsyncDisposable & {
	readonly machine: Machine;
	/** All ports that the profile's machine has, drained from the first byte on. */
	readonly ports: readonly ConsolePort[];
	/** Aborted with a GuestError when the guest is known to be dead, with a HostError when QEMU ended by itself. */
	readonly ended: AbortSignal;
	/** Writes its state to a file; its memory lies in the file that it was started with. It stays stopped. */
	readonly save: (statePath: string, deadline: Deadline) => Promise<void>;
	/** Lets it go on, or start. */
	readonly start: () => Promise<void>;
	/** Somebody has a root shell: from now on silence is no hang and a restart no boot loop. */
	readonly opened: () => void;
	/** What was really behind an error of a port or the monitor: their closing is only how the end of a guest shows first. */
	readonly explain: (error: unknown) => Promise<unknown>;
};

/**
 * Starts the machine of a profile, stopped: consoles attached, overrides applied, the guest watched.
 * @throws HostError with QEMU's last words when it does not start
 */
export const startMachine = async (options: StartMachine): Promise<RunningMachine> => {
	await using stack = new AsyncDisposableStack();
	const {profile, qemu, accelerator, network = noNetwork, logDirectory, signal, timeoutScale} = options;
	const startedAt = monotonicMs();
	const run: QemuRun = {
		...options.run,
		network: backendOf(network, options.cable),
		accelerator: accelerator.accelerator,
		firmwareLog: path.join(logDirectory, 'firmware.log'),
	};
	// Taken down after QEMU (the stack runs in reverse): its last words on the consoles are read to their end.
	const ports = new Map<PortName, ConsolePort>();
	stack.defer(async () => {
		await Promise.all(ports.values().map(async (port) => port[Symbol.asyncDispose]()));
	});
	const process = stack.use(
		await startQemu({
			binary: qemu,
			arguments: qemuArguments(profile, run),
			files: machineFiles(profile),
			enter: network.kind === 'lab' ? network.lab.enter : options.cable?.enter,
			runDirectory: run.runDirectory,
			qmpLog: path.join(logDirectory, 'qmp.log'),
			signal,
			onPid(pid) {
				options.onPid?.(pid);
				// While QEMU starts.
				prepareWatch();
			},
		}),
	);
	const [overrides] = await Promise.all([
		applyOverrides(process, profile, options.saved?.known && {known: options.saved.known}),
		...portNames
			.filter((name) => profile.uarts[name] !== undefined)
			.map(async (name) => {
				ports.set(name, await connectPort(name, {run, logDirectory, startedAt, signal}));
			}),
	]);
	const all = portNames.flatMap((name) => ports.get(name) ?? []);
	const {saved} = options;
	const problems: ConsoleProblem[] = saved?.problems ?? [];
	const watch = stack.use(
		new GuestWatch({
			timeoutScale,
			requests: async () => servedRequests(process.qmp),
			onPhase: (phase, ms) => options.onPhase?.(phase, ms),
			lastSeen: () => lastSeen(all),
			behind: saved?.phases,
		}),
	);
	const end = stack.use(machineEnd({process, watch, ports: all}));
	for (const port of all) {
		port.onBytes((chunk) => {
			// Bare line ends may be the echo of the empty lines that we type into the silence.
			if (chunk.some((byte) => byte !== 0x0a && byte !== 0x0d)) {
				watch.sawByte();
			}
		});
		stack.use(
			watchConsole(port, {
				onPhase: (phase) => watch.sawPhase(phase, port.name),
				onProblem(problem) {
					problems.push(problem);
					options.onProblem?.(problem);
					const fault = hostFault(problem, accelerator);
					if (fault === undefined) {
						watch.sawProblem(problem);
					} else {
						end.blameHost(fault);
					}
				},
			}),
		);
	}

	if (saved !== undefined) {
		using deadline = new Deadline({phase: 'load', budgetMs: loadMs * timeoutScale, signal});
		await loadState(process.qmp, saved.statePath, deadline);
	}

	let readClock: Promise<() => Promise<number>> | undefined;
	const clock = async (): Promise<() => Promise<number>> =>
		(readClock ??= vcpuClock(async (command, args) => process.qmp.execute(command, args)));
	let firstInstructionAt: number | undefined;
	const owned = stack.move();
	return {
		ports: all,
		ended: end.ended,
		explain: end.explain,
		start: async () => {
			firstInstructionAt ??= monotonicMs();
			if (run.gdb === undefined) {
				await process.qmp.execute('cont');
				return;
			}

			// The debugger lets it go.
			using deadline = new Deadline({phase: 'gdb', budgetMs: Infinity, signal});
			await process.qmp.waitFor('RESUME', deadline);
		},
		save: async (statePath, deadline) => saveState(process.qmp, statePath, deadline),
		opened: () => watch.sawPhase('access'),
		machine: {
			facts: factsOf(options, run),
			qmp: async (command, args) => process.qmp.execute(command, args),
			monitor: async (line) => process.qmp.humanMonitor(line),
			pciConfig: pausedPciConfig(process.qmp),
			plugDisk: diskPlugger(process.qmp, {profile, run}),
			overrides: overrides.map(({id, what, status, reason}) => ({
				id,
				applied: status === 'applied' || status === 'unneeded',
				reason: status === 'applied' || status === 'unneeded' ? '' : `${what}: ${reason}`,
			})),
			port: (name) => ports.get(name),
			received: (name) => (saved?.received[name] ?? 0) + (ports.get(name)?.received ?? 0),
			problems: () => problems,
			phases: () => watch.phases,
			boot: options.boot,
			network,
			leaseMs() {
				const leasedAt = network.kind === 'lab' ? network.lab.leasedAt() : undefined;
				return saved !== undefined || leasedAt === undefined || firstInstructionAt === undefined
					? saved?.leaseMs
					: leasedAt - firstInstructionAt;
			},
			vcpuMs: async () => (await clock())(),
		},
		[Symbol.asyncDispose]: async () => owned.disposeAsync(),
	};
};

/** A state is loaded in less than a tenth of a second. */
const loadMs = 10_000;

const backendOf = (network: MachineNetwork, cable: Cable | undefined): NetworkBackend => {
	const behind = network.kind === 'lab' ? network.lab.network : cable?.network;
	return behind === undefined
		? {type: 'user'}
		: {type: 'tap', interface: behind.interface, vnetHdr: behind.faults?.vnetHdr !== false};
};

const noNetwork: MachineNetwork = {kind: 'user', why: 'nobody asked for a network'};

type Connect = Pick<StartMachine, 'logDirectory' | 'signal'> & {readonly run: QemuRun; readonly startedAt: number};

const connectPort = async (name: PortName, {run, logDirectory, startedAt, signal}: Connect): Promise<ConsolePort> =>
	ConsolePort.connect({
		name,
		socketPath: path.join(run.runDirectory, `${name}.sock`),
		logPath: path.join(logDirectory, `console-${name}.log`),
		timingPath: path.join(logDirectory, `console-${name}.timing`),
		startedAt,
		signal,
	});

const factsOf = ({profile, qemu, accelerator}: StartMachine, run: QemuRun): MachineFacts => ({
	profile: profile.name,
	accelerator: accelerator.accelerator,
	acceleratorReason: reasonAndCure(accelerator),
	qemu: qemu.version.text,
	vcpus: run.vcpus ?? profile.vcpus,
	memoryMiB: run.memoryMiB ?? profile.memoryMiB,
});

/** Of the port that spoke last. */
const lastSeen = (ports: readonly ConsolePort[]): string => {
	const [port] = ports.filter(({received}) => received > 0).toSorted((a, b) => b.lastByteAt - a.lastByteAt);
	const log = (port ?? ports[0])?.logPath ?? '';
	return port === undefined
		? `Not one byte came on any port. Log: ${log}`
		: `Last line on ${port.name}: ${JSON.stringify(port.lastLine)}. Log: ${log}`;
};
