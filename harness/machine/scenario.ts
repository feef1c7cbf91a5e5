import {type Deadline} from '../core/deadline.ts';
import {
	type BootPhase,
	type ConsoleProblem,
	type MachineFacts,
	type Measurement,
	type PortName,
} from '../core/events.ts';
import {type RowId} from '../core/requirements/ids.ts';
import {type Evidence, type Judgement} from '../core/verdict.ts';
import {type ArchiveContent} from '../image/pack/look-into-archive.ts';
import {type Lab} from '../lab/open-lab.ts';
import {type Guest} from './guest.ts';
import {type PlugDisk, type PluggedDisk} from './plug-disk.ts';

/** Where on the PCI bus, and how many bytes to read there. */
export type PciConfigAddress = {
	readonly slot: number;
	readonly function: number;
	readonly offset: number;
	readonly width: 1 | 2 | 4;
};

/** What became of one byte override of the profile on this host. */
export type OverrideOutcome = {
	/** As the profile names it, e.g. `pci.isa-bridge.revision`. */
	readonly id: string;
	readonly applied: boolean;
	/** Why not, and what to do about it; empty when applied. */
	readonly reason: string;
};

/** A serial port of the machine, seen from the host's end. */
export type MachinePort = {
	readonly write: (bytes: Uint8Array) => unknown;
	/** Collects the bytes that arrive from now on, unchanged. */
	readonly rawTap: () => RawTap;
	/** Bytes received so far. */
	readonly received: number;
	/** Monotonic milliseconds of the last byte; undefined or 0 before the first. */
	readonly lastByteAt: number | undefined;
};

export type RawTap = (AsyncDisposable | Disposable) & {
	/** The next `count` bytes. @throws DeadlineError, saying how many came. */
	readonly take: (count: number, deadline: Deadline) => Promise<Buffer>;
	/** Bytes that came and were not taken yet. */
	readonly held: () => number;
};

/** What the guest's cable leads to. */
export type MachineNetwork =
	| {readonly kind: 'lab'; readonly lab: Lab}
	/** QEMU's own, where every offload is withdrawn: why there is no lab, and the command that mends it. */
	| {readonly kind: 'user'; readonly why: string; readonly hint?: string | undefined};

/** The emulated machine around the guest: what the host knows without asking the image. */
export type Machine = {
	readonly facts: MachineFacts;
	/** Answer of a QMP command. @throws when QEMU refuses it. */
	readonly qmp: (command: string, args?: Readonly<Record<string, unknown>>) => Promise<unknown>;
	/** Output of a human monitor command. */
	readonly monitor: (line: string) => Promise<string>;
	/** Little-endian value from PCI config space, read while the machine is stopped. All ones where no function answers. */
	readonly pciConfig: (address: PciConfigAddress) => Promise<number>;
	/** Puts one more disk on the SCSI adapter of the running machine. @throws QmpError when QEMU refuses it */
	readonly plugDisk: (disk: PlugDisk) => Promise<PluggedDisk>;
	/** Every override that the profile asked for. */
	readonly overrides: readonly OverrideOutcome[];
	/** Undefined where the profile's machine has no such port. */
	readonly port: (name: PortName) => MachinePort | undefined;
	/** Bytes received on a port from the first one of the boot until now. */
	readonly received: (name: PortName) => number;
	/** What the consoles complained about, from the first byte until now. */
	readonly problems: () => readonly ConsoleProblem[];
	/** Boot phases reached so far, in order. */
	readonly phases: () => ReadonlyArray<{readonly name: BootPhase; readonly ms: number}>;
	readonly network: MachineNetwork;
	/** From its first instruction to its first address; undefined where it has none, and where there is no lab. */
	readonly leaseMs: () => number | undefined;
	/** Milliseconds of processor time that the virtual processors have used. @throws HostError where this host does not tell */
	readonly vcpuMs: () => Promise<number>;
	readonly boot: {
		/** True when the kernel was given with --kernel instead of by the image's own boot loader. */
		readonly directKernel: boolean;
		/** Kernel configuration given with --config. */
		readonly kernelConfigFile?: string | undefined;
	};
};

/** The candidate's file, which nobody writes to. */
export type ImageUnderTest = {
	readonly bytes: number;
	/** Of the disk. */
	readonly sha256: () => Promise<string>;
	/** What its import archive holds: the one that was named, or one that is packed for this and not kept. @throws HostError */
	readonly archive: (deadline: Deadline) => Promise<ArchiveContent>;
};

export type ScenarioContext = {
	readonly machine: Machine;
	readonly image: ImageUnderTest;
	/** Settles one row; each id of `proves` exactly once. Evidence alone passes when all of it holds, and fails otherwise. */
	readonly judge: (id: RowId, judgement: Judgement | readonly Evidence[]) => void;
	/** Whether anybody wants to know of a row: what costs much and is not asked for can be left out. */
	readonly selected: (id: RowId) => boolean;
	/** A figure for the reports. */
	readonly measured: (measurement: Measurement) => void;
	/** Something worth telling that belongs to no row. */
	readonly note: (text: string) => void;
	/** Puts a file beside the other artifacts of the run. @throws HostError */
	readonly keep: (name: string, bytes: Uint8Array) => Promise<void>;
	/**
	 * Resolves when nothing of this run uses the host beside this scenario, which stays so to its end: before time is measured. The wait
	 * does not count for its deadline. Only for a scenario that says `alone`.
	 */
	readonly alone: () => Promise<void>;
	readonly deadline: Deadline;
};

type ScenarioHead = {
	/** Stable word: in results, and for --only and --skip. */
	readonly id: string;
	readonly title: string;
	/** Ids of the rows that it settles. */
	readonly proves: readonly RowId[];
	/** Calls for tools that the image may lack: they are made ready while it boots. */
	readonly usesTools?: boolean;
	/** Judges how these tools come in: to a copy of a saved machine, which has them, they are brought once more. */
	readonly bringsTools?: boolean;
	/** Talks to the lab. Others get a cable with nobody on it where a copy of their own runs them. */
	readonly usesLab?: boolean;
	/** Measures time, and asks for the host for itself before it does (`alone` of its context). */
	readonly alone?: boolean;
	/** Takes the longer the larger the image is: no deadline ends it but the run's. */
	readonly unhurried?: boolean;
	/** `late`: changes the guest for a while, so that the others look first. `last`: sees what the others did to the guest. */
	readonly order?: 'late' | 'last';
};

/** One requirement or several that are seen by the same look at the machine. */
export type Scenario = ScenarioHead &
	(
		| {
				readonly needsGuest: true;
				readonly run: (context: ScenarioContext & {readonly guest: Guest}) => void | Promise<void>;
		  }
		| {
				/** Runs also when nobody got into the guest. */
				readonly needsGuest: false;
				readonly run: (context: ScenarioContext & {readonly guest: Guest | undefined}) => void | Promise<void>;
		  }
	);

/** Declares a scenario: the default export of a file below scenarios/. */
export const scenario = (definition: Scenario): Scenario => definition;
