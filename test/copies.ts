import {readFile, readlink, readdir} from 'node:fs/promises';
import packageJson from '../package.json' with {type: 'json'};
import {Deadline} from '../harness/core/deadline.ts';
import {type SavedMachine} from '../harness/machine/saved/saved-machine.ts';
import {openArtifacts} from '../harness/report/artifacts.ts';
import {type Copy, openCopy} from '../harness/runner/clones/open-copy.ts';
import {openStore} from '../harness/runner/clones/store.ts';
import {makeRunPlan, unchosen} from '../harness/runner/make-run-plan.ts';
import {resolveImage} from '../harness/runner/resolve-image.ts';
import {openRunFolder} from '../harness/runner/run-folder.ts';
import {type RunContext} from '../harness/runner/run-image.ts';

export type Copies = AsyncDisposable & {
	readonly saved: SavedMachine;
	readonly open: () => Promise<Copy>;
	/** Process ids of the QEMUs of copies that run now. */
	readonly pids: () => Promise<readonly number[]>;
};

/** Copies of a machine that an earlier run has left in the cache. */
export const openCopies = async (image: string): Promise<Copies> => {
	await using stack = new AsyncDisposableStack();
	const folder = stack.use(await openRunFolder());
	const {signal} = new AbortController();
	const deadline = stack.use(new Deadline({phase: 'copies', budgetMs: Infinity}));
	const {version} = packageJson;
	const plan = await makeRunPlan({...unchosen, version, argv: [], env: process.env, signal});
	const resolved = await resolveImage(image, {folder: folder.path, onProgress: () => undefined, signal});
	const artifacts = stack.use(await openArtifacts({directory: folder.path, image: 'copies', env: process.env}));
	const context: RunContext = {
		...resolved,
		plan,
		run: {candidate: resolved.candidate, overlay: {path: ''}, runDirectory: folder.path},
		folder: folder.path,
		artifacts,
		terminal: undefined,
		deadline,
		emit: () => undefined,
		exitCodeSoFar: () => 0,
		async hashing() {
			throw new Error(`${image} was never hashed`);
		},
	};
	const store = stack.use(openStore(context));
	const saved = await store.find();
	if (saved === undefined || !(await saved.unchanged)) {
		throw new Error(`There is no saved machine of ${image}: judge it once`);
	}

	const owned = stack.move();
	return {
		saved,
		open: async () => openCopy(context, {saved, name: 'copy', needs: {}, problems: [], disposable: true}),
		pids: async () => pidsBelow(folder.path),
		[Symbol.asyncDispose]: async () => owned.disposeAsync(),
	};
};

const pidsBelow = async (folder: string): Promise<readonly number[]> => {
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/v.test(name));
	const found = await Promise.all(
		pids.map(async (pid) => {
			const [cwd, command] = await Promise.all([
				readlink(`/proc/${pid}/cwd`).catch(() => ''),
				readFile(`/proc/${pid}/comm`, 'utf8').catch(() => ''),
			]);
			return cwd.startsWith(`${folder}/`) && command.startsWith('bootwright-qemu') ? [Number(pid)] : [];
		}),
	);
	return found.flat();
};

/** Memory of a process that nobody shares with it, in MiB (proc(5), smaps_rollup). */
export const privateMiB = async (pid: number): Promise<number> => {
	const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
	const kib = (name: string): number =>
		Number(new RegExp(String.raw`^${name}:\s+(\d+) kB`, 'mv').exec(text)?.[1] ?? NaN);
	return (kib('Private_Dirty') + kib('Private_Clean')) / 1024;
};
