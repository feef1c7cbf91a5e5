import {type AccessWish, type Credentials} from '../access/plan-access.ts';
import {type LabFaults} from '../lab/lab-network.ts';
import {type Scenario} from '../machine/scenario.ts';
import {type QemuRun} from '../profile/run.ts';
import {type Profile} from '../profile/schema.ts';
import {type Accelerator} from '../qemu/accelerator.ts';
import {type QemuBinary} from '../qemu/find-qemu.ts';

/** Everything about a run that does not depend on the image; checked before anything starts. */
export type RunPlan = {
	/** Of Bootwright. */
	readonly version: string;
	/** The command line that repeats the run. */
	readonly command: string;
	/** As the command line named it, a path absolute. */
	readonly profileName: string;
	readonly profile: Profile;
	readonly qemu: QemuBinary;
	readonly accelerator: Accelerator;
	/** Selected ones, in the order in which they run. */
	readonly scenarios: readonly Scenario[];
	/** Selected rows, in the order of reports. */
	readonly requirements: readonly string[];
	readonly strict: boolean;
	readonly access: AccessWish;
	/** `auto`: a lab where this host can have one. */
	readonly network: 'auto' | 'user';
	readonly credentials: Credentials | undefined;
	/** Scaled. */
	readonly timeoutMs: number;
	readonly timeoutScale: number;
	/** Kernel configuration for an image that carries none; absolute. */
	readonly configFile: string | undefined;
	/** Makes a lab that is wrong on purpose. */
	readonly labFaults?: LabFaults | undefined;
	/**
	 * Shell command that runs as root in the guest before the scenarios: makes a guest that is wrong on purpose. `$ETHTOOL` in it is the
	 * toolbox's.
	 */
	readonly guestSetup?: string | undefined;
	/** Given from outside instead of by the image's own boot loader. */
	readonly kernel?: QemuRun['kernel'];
	/**
	 * `cache`: on copies of a machine of an earlier run where there is one. `fresh`: on copies of one that is booted now. `single`: on the
	 * booted machine itself, all scenarios one after the other.
	 */
	readonly reuse: 'cache' | 'fresh' | 'single';
	/** Copies at once; default: as many as the host carries. */
	readonly jobs?: number | undefined;
	/** The machine waits for a debugger; told how to bring it. */
	readonly gdb?: ((socket: string) => void) | undefined;
	readonly onFail: 'exit' | 'keep' | 'shell';
	readonly paranoid: boolean;
};
