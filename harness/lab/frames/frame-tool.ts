import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {Deadline} from '../../core/deadline.ts';
import {type CapturedFrame, parseCapturedFrames} from './captured-frames.ts';
import {type FrameCounts, summarizeCounts} from './frame-counts.ts';
import {type FrameFilter, frameProgram} from './frame-filter.ts';
import {startHelper} from './frame-helper.ts';
import type {Stopped} from './helper-answers.ts';
import {type VnetHeader, buildVnetHeader} from './vnet-header.ts';

export type InjectedFrame = {readonly header: VnetHeader; readonly bytes: Buffer};

/** Whether everything that passed was seen. A judge that finds `unseen` above 0 knows nothing: its verdict is `skip`. */
type Completeness = {
	/** Frames that passed the filter and did not reach us: the ring was full, or the kernel had no header for them. */
	readonly unseen: number;
};

export type Captured = Completeness & {
	readonly frames: readonly CapturedFrame[];
	/** The limit was reached; later frames were left out. */
	readonly full: boolean;
};

export type Counted = Completeness & FrameCounts;

/** Something that runs until it is stopped. Stopping waits until every frame that was there before is accounted for (20 ms). */
export type Running<Result> = AsyncDisposable & {readonly stop: (deadline: Deadline) => Promise<Result>};

export type CaptureOptions = {
	readonly filter: FrameFilter;
	/** Bytes of each frame to keep; whole frames where it is missing. */
	readonly snapBytes?: number;
	/** Frames to keep. */
	readonly maxFrames: number;
	readonly maxBytes?: number;
	readonly deadline: Deadline;
};

export type FrameTool = AsyncDisposable & {
	/** Resolves when the capture runs: what is sent from then on is seen. */
	readonly capture: (options: CaptureOptions) => Promise<Running<Captured>>;
	/** Counts without storing: also what a fast stream sends. */
	readonly count: (filter: FrameFilter, deadline: Deadline) => Promise<Running<Counted>>;
	/** Sends frames out of the interface, towards the guest, back to back and in order. */
	readonly inject: (frames: readonly InjectedFrame[], deadline: Deadline) => Promise<void>;
};

export type OpenFrameTool = {
	/** Command that runs the rest of its arguments inside the lab; empty to stay where we are. */
	readonly enter: readonly string[];
	readonly interface: string;
	readonly signal: AbortSignal;
	/** Where captured frames lie until they are read. Default: the system's folder for temporary files. */
	readonly directory?: string | undefined;
	/** Where to write what the helper was asked and what it answered. */
	readonly logPath?: string | undefined;
};

/**
 * Starts the helper (`frames.py`) on an interface. It ends with the tool, with the harness, or when `signal` is aborted.
 * Everything here throws HostError when the helper is gone or refuses, and the deadline's error when it does not answer in time.
 */
export const openFrameTool = async (options: OpenFrameTool): Promise<FrameTool> => {
	const directory = await mkdtemp(path.join(options.directory ?? tmpdir(), 'bootwright-frames-'));
	const helper = await startHelper(options).catch(async (error: unknown) => {
		await rm(directory, {recursive: true});
		throw error;
	});
	let captures = 0;
	return {
		capture: async ({filter, snapBytes = wholeFrame, maxFrames, maxBytes, deadline}) => {
			captures += 1;
			const file = path.join(directory, `capture-${captures}`);
			const command = {do: 'capture', path: file, blocks: captureBlocks, frames: maxFrames, bytes: maxBytes};
			const run = await helper.start({...command, filter: frameProgram(filter, snapBytes)}, deadline);
			return {
				...run,
				stop: async (until) => {
					const stopped = await run.stop(until);
					const frames = parseCapturedFrames(await readFile(file));
					await rm(file);
					return {frames, full: stopped.full, unseen: unseenOf(stopped)};
				},
			};
		},
		count: async (filter, deadline) => {
			const command = {do: 'count', blocks: countBlocks, filter: frameProgram(filter, countedBytes)};
			const run = await helper.start(command, deadline);
			return {
				...run,
				stop: async (until) => {
					const stopped = await run.stop(until);
					return {...summarizeCounts(stopped.counts), unseen: unseenOf(stopped)};
				},
			};
		},
		inject: async (frames, deadline) => {
			const sent = frames.map(({header, bytes}) => Buffer.concat([buildVnetHeader(header), bytes]).toString('base64'));
			await helper.ask({do: 'inject', sent}, deadline);
		},
		[Symbol.asyncDispose]: async () => {
			await helper[Symbol.asyncDispose]();
			await rm(directory, {recursive: true, force: true});
		},
	};
};

const wholeFrame = 0x4_00_00;

/** Counting needs lengths and flags, not bytes: a ring of 16 MiB then holds some 100 000 frames. */
const countedBytes = 64;
const countBlocks = 16;

/** 32 MiB: some 450 frames of 64 KiB before the helper has to have written any. */
const captureBlocks = 32;

const unseenOf = ({drops, missing}: Stopped): number => drops + missing;
