import {readFile, readdir} from 'node:fs/promises';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {execa} from 'execa';
import {dir} from 'tmp-promise';
import {type RunEvent} from '../../harness/core/events.ts';
import {type RunResult} from '../../harness/report/result-schema.ts';

export const entry = path.resolve(import.meta.dirname, '../../harness/bootwright.js');

export type Place = AsyncDisposable & {
	readonly directory: string;
	/** $TMPDIR of the program: what is left in it outlived the run. */
	readonly temporary: string;
	readonly artifacts: string;
	readonly env: Readonly<Record<string, string>>;
};

/** A place of its own for one test's runs. Images come from the usual cache. */
export const openPlace = async (): Promise<Place> => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bw-e2e'});
	const {path: temporary} = await dir({tmpdir: directory, prefix: 't', keep: true});
	return {
		directory,
		temporary,
		artifacts: path.join(directory, 'artifacts'),
		env: {TMPDIR: temporary, XDG_STATE_HOME: path.join(directory, 'state'), NO_COLOR: '1'},
		[Symbol.asyncDispose]: async () => cleanup(),
	};
};

export type Finished = {
	readonly exitCode: number | undefined;
	readonly stdout: string;
	readonly stderr: string;
	readonly ms: number;
};

/** Runs the real program to its end. */
export const bootwright = async (
	args: readonly string[],
	{env, cwd}: {readonly env?: Readonly<Record<string, string>>; readonly cwd?: string} = {},
): Promise<Finished> => {
	const {exitCode, stdout, stderr, durationMs} = await execa(process.execPath, [entry, ...args], {
		reject: false,
		stdin: 'ignore',
		...(env !== undefined && {env}),
		...(cwd !== undefined && {cwd}),
	});
	return {exitCode, stdout, stderr, ms: durationMs};
};

/** `bootwright test` with artifacts in the place; gives back the result file too. */
export const judge = async (
	place: Place,
	args: readonly string[],
	env: Readonly<Record<string, string>> = {},
): Promise<Finished & {readonly result: RunResult}> => {
	const once = async () => {
		const finished = await bootwright(['test', ...args, '--artifacts', place.artifacts], {env: {...place.env, ...env}});
		return {...finished, result: await resultIn(place)};
	};

	const first = await once();
	return isQemuRace(first.result) ? await once() : first;
};

/** QEMU 10.0 aborts in some 80 boots once under multi-threaded TCG. It is told as an error of the host, as it should be, and proves nothing here. */
const isQemuRace = ({failure, requirements}: RunResult): boolean =>
	[failure?.message ?? '', ...requirements.map(({reason}) => reason)].some((words) =>
		words.includes('iotlb_to_section'),
	);

export const resultIn = async ({artifacts}: Place): Promise<RunResult> =>
	JSON.parse(await readFile(path.join(artifacts, 'latest/result.json'), 'utf8')) as RunResult;

export const failedRows = ({requirements}: RunResult): readonly string[] =>
	requirements.filter(({verdict}) => verdict === 'fail').map(({id}) => id);

/** Starts `bootwright test` and lets a test follow its events. */
export const startJudging = (place: Place, args: readonly string[]) => {
	const child = execa(
		process.execPath,
		[entry, 'test', ...args, '--artifacts', place.artifacts, '--reporter', 'events'],
		{reject: false, stdin: 'ignore', env: place.env, buffer: {stdout: false}},
	);
	// Not execa's own iterator: leaving it waits for the end of the program.
	const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
	return {
		child,
		event: async (wanted: (event: RunEvent) => boolean): Promise<RunEvent> => {
			for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
				const event = JSON.parse(line.value) as RunEvent;
				if (wanted(event)) {
					return event;
				}
			}

			throw new Error(`the program ended first: ${(await child).stderr}`);
		},
	};
};

/** What a run left behind: files in its $TMPDIR, and processes that name a path in it. */
export const leftBehind = async ({temporary}: Place): Promise<readonly string[]> => {
	const files = await readdir(temporary);
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
	const processes = await Promise.all(
		pids.map(async (pid) => {
			const [line, cwd] = await Promise.all([
				readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
				readFile(`/proc/${pid}/environ`, 'latin1').catch(() => ''),
			]);
			const ours = line.includes(temporary) || cwd.includes(`TMPDIR=${temporary}\0`);
			return ours ? [`${pid} ${line.replaceAll('\0', ' ').slice(0, 200)}`] : [];
		}),
	);
	return [...files, ...processes.flat()];
};
