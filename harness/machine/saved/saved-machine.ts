import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {z} from 'zod';
import {type SavedShell} from '../../console/root-shell.ts';
import {type PortName, type RunEvent, bootPhases, portNames} from '../../core/events.ts';
import {HostError, messageOf} from '../../core/errors.ts';
import {type GuestFacts} from '../guest-facts.ts';
import {type ToolVisit} from '../toolbox/visit.ts';
import {type ReachedPhases} from '../watch.ts';

/** A booted machine with an open shell, as files; copies start from it. */
export type SavedMachine = {
	/** Holds the files below; readable by its owner alone. */
	readonly directory: string;
	readonly about: AboutSaved;
};

/** All that is not QEMU's. */
export type AboutSaved = {
	/** Wall clock, ms. */
	readonly savedAt: number;
	/** From the first instruction until it was saved. */
	readonly bootMs: number;
	readonly shell: SavedShell & {readonly port: PortName};
	readonly facts: SavedFacts;
	readonly tools: ToolVisit | undefined;
	readonly phases: ReachedPhases;
	readonly received: Readonly<Partial<Record<PortName, number>>>;
	readonly leaseMs: number | undefined;
	/** Whether its card is on a lab's tap. */
	readonly inLab: boolean;
	/** What was told about the boot: a run that does not boot tells it again. */
	readonly events: readonly RunEvent[];
};

/** As JSON has it. */
export type SavedFacts = Omit<GuestFacts, 'tools'> & {readonly tools: readonly string[]};

export const saveFacts = ({tools, ...facts}: GuestFacts): SavedFacts => ({...facts, tools: [...tools]});

export const restoreFacts = ({tools, ...facts}: SavedFacts): GuestFacts => ({...facts, tools: new Set(tools)});

/** The guest's memory, the template of all copies. */
export const memoryOf = (directory: string): string => path.join(directory, 'memory');
/** Devices and firmware. */
export const stateOf = (directory: string): string => path.join(directory, 'state');
/** What the guest has written to its disk. */
export const diskOf = (directory: string): string => path.join(directory, 'disk.qcow2');
/** An overlay in which nothing is written yet. */
export const emptyOverlayOf = (directory: string): string => path.join(directory, 'empty.qcow2');
/** Of the memory (`MemoryCheck`). */
export const checkOf = (directory: string): string => path.join(directory, 'memory.crc32');
/** What a run keeps of the boot, by the names that it has among its artifacts. */
export const bootLogsOf = (directory: string): string => path.join(directory, 'boot');

/** What `AboutSaved` says. */
export const aboutOf = (directory: string): string => path.join(directory, 'about.json');

/** What a reader relies on without looking at it again; the rest is written and read by the same version of the program. */
const schema = z.looseObject({
	savedAt: z.number(),
	bootMs: z.number(),
	shell: z.looseObject({port: z.enum(portNames), seq: z.int()}),
	phases: z.array(z.object({name: z.enum(bootPhases), ms: z.number()})),
	inLab: z.boolean(),
	events: z.array(z.looseObject({type: z.string()})),
});

export const writeAbout = async (directory: string, about: AboutSaved): Promise<void> =>
	writeFile(aboutOf(directory), JSON.stringify(about));

/** @throws HostError where it is missing or is not what was written */
export const readAbout = async (directory: string): Promise<AboutSaved> => {
	try {
		// The key holds for the version that wrote it.
		return schema.parse(JSON.parse(await readFile(aboutOf(directory), 'utf8'))) as unknown as AboutSaved;
	} catch (error) {
		throw new HostError(`The saved machine in ${directory} cannot be read: ${messageOf(error)}`, {cause: error});
	}
};
