import {access, constants} from 'node:fs/promises';
import path from 'node:path';
import {type AccessWish, type Credentials} from '../access/plan-access.ts';
import {UsageError, messageOf} from '../core/errors.ts';
import {quoteShell} from '../core/shell-quote.ts';
import {requirementIds} from '../core/requirements/ids.ts';
import {loadProfile} from '../profile/load.ts';
import {chooseAccelerator} from '../qemu/accelerator.ts';
import {findQemu} from '../qemu/find-qemu.ts';
import {loadScenarios} from './load-scenarios.ts';
import {type RunPlan} from './run-plan.ts';
import {select} from './select.ts';
import {defaultTimeoutMs, timeoutScales} from './timeouts.ts';

export type PlanOptions = {
	readonly version: string;
	/** What the person typed after the program's name. */
	readonly argv: readonly string[];
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly profile: string;
	/** Laid over the profile: for machines that are wrong on purpose. */
	readonly overrides?: unknown;
	readonly accel: 'auto' | 'kvm' | 'tcg';
	readonly only: readonly string[];
	readonly skip: readonly string[];
	readonly scenario: readonly string[];
	readonly strict: boolean;
	readonly access: AccessWish;
	readonly network: RunPlan['network'];
	readonly credentials: Credentials | undefined;
	/** Seconds, unscaled. */
	readonly timeout?: number;
	readonly timeoutScale?: number;
	readonly config?: string;
	readonly onFail: RunPlan['onFail'];
	readonly reuse?: RunPlan['reuse'];
	readonly jobs?: number | undefined;
	readonly paranoid: boolean;
	readonly signal: AbortSignal;
};

/** What a command line says on which a person chose nothing. */
export const unchosen = {
	profile: 'gce',
	accel: 'auto',
	only: [],
	skip: [],
	scenario: [],
	strict: false,
	access: 'auto',
	network: 'auto',
	credentials: undefined,
	onFail: 'exit',
	paranoid: false,
} as const;

/**
 * Checks everything that does not depend on the image, in the order of what is cheap: the command line, then the host.
 * @throws UsageError for what the person can mend on the command line, HostError where the host lacks QEMU or KVM
 */
export const makeRunPlan = async (options: PlanOptions): Promise<RunPlan> => {
	const {env, signal} = options;
	// Asked while the rest is read; what is wrong with the command line is said first.
	const finding = findQemu(env);
	finding.catch(() => undefined);
	const {scenarios, requirements} = select(await loadScenarios(options.scenario), options);
	const profile = await loadProfile(options.profile, {overrides: options.overrides});
	const configFile = await readable(options.config);
	const qemu = await finding;
	const accelerator = await chooseAccelerator(options.accel, qemu, {signal});
	const timeoutScale = options.timeoutScale ?? timeoutScales[accelerator.accelerator];
	return {
		version: options.version,
		command: [programCommand(), ...options.argv.map((word) => quoteShell(word))].join(' '),
		// What runs elsewhere later (qemu.sh) must still find it.
		profileName: options.profile.includes('/') ? path.resolve(options.profile) : options.profile,
		profile,
		qemu,
		accelerator,
		scenarios,
		requirements: inReportOrder(requirements),
		strict: options.strict,
		access: options.access,
		network: options.network,
		credentials: options.credentials,
		timeoutMs: (options.timeout === undefined ? defaultTimeoutMs : options.timeout * 1000) * timeoutScale,
		timeoutScale,
		configFile,
		onFail: options.onFail,
		reuse: options.reuse ?? 'cache',
		jobs: options.jobs,
		paranoid: options.paranoid,
	};
};

/** `npx` finds the program inside its clone alone; anywhere else it would ask a registry for one of that name. */
const programCommand = (): string => {
	const root = path.resolve(import.meta.dirname, '../..');
	const inside = !path.relative(root, process.cwd()).startsWith('..');
	return inside ? 'npx bootwright' : `node ${quoteShell(path.join(root, 'harness/bootwright.js'))}`;
};

/** Rows of the catalogue in its order, then a person's own. */
const inReportOrder = (ids: readonly string[]): readonly string[] => {
	const rank = (id: string): number => (requirementIds as readonly string[]).indexOf(id) >>> 0;
	return ids.toSorted((a, b) => rank(a) - rank(b));
};

const readable = async (file: string | undefined): Promise<string | undefined> => {
	if (file === undefined) {
		return undefined;
	}

	try {
		await access(file, constants.R_OK);
		return path.resolve(file);
	} catch (error) {
		throw new UsageError(`Cannot read the kernel configuration ${file}: ${messageOf(error)}`, {cause: error});
	}
};
