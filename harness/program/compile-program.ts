import {mkdir, readFile, readdir, rename, rm, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {type Plugin, build, stop} from 'esbuild';
import {wallClockMs} from '../core/clock.ts';

/** Where a process begins, and what scenarios import (core/program-file.ts). */
const entries = ['cli.ts', 'index.ts', 'lab/lab-host.ts'];
/** They are loaded by who needs them, from where they are: they read files beside them. */
const leftAlone = ['bullmq', 'ioredis'];
/** A program that runs may still have to load a part of itself: what was started in the last days stays, within reason. */
const keptPrograms = 20;
const mostPrograms = 100;
const keptMs = 2 * 24 * 3_600_000;

/**
 * Compiles the program into a folder, which is there whole or not at all.
 * @throws where the disk is full, or something is no TypeScript
 */
export const compileProgram = async (root: string, directory: string): Promise<void> => {
	const work = `${directory}.${process.pid}`;
	try {
		const {outputFiles} = await build({
			absWorkingDir: root,
			entryPoints: entries.map((entry) => path.join(root, 'harness', entry)),
			outbase: path.join(root, 'harness'),
			outdir: work,
			bundle: true,
			splitting: true,
			format: 'esm',
			platform: 'node',
			target: `node${process.versions.node}`,
			// Of the packages that are CommonJS.
			banner: {
				js: "import {createRequire as $createRequire} from 'node:module'; const require = $createRequire(import.meta.url);",
			},
			legalComments: 'none',
			logLevel: 'silent',
			write: false,
			plugins: [whereItWas(directory), asTheyAre()],
		});
		const folders = new Set([work, ...outputFiles.map(({path: file}) => path.dirname(file))]);
		const outerFirst = [...folders].toSorted((a, b) => a.length - b.length);
		for (const folder of outerFirst) {
			await mkdir(folder, {mode: 0o700});
		}

		for (const {path: file, contents} of outputFiles) {
			await writeFile(file, contents);
		}

		await writeFile(path.join(work, 'package.json'), '{"type": "module"}');
		await rename(work, directory).catch(async (error: unknown) => {
			// Another process was faster.
			await stat(path.join(directory, 'cli.js')).catch(() => {
				throw error;
			});
		});
	} finally {
		// Its process would stay for as long as this one.
		await stop();
		await rm(work, {recursive: true, force: true});
	}

	await prune(path.dirname(directory));
};

/** A module goes on to find its files where its source is. */
const whereItWas = (directory: string): Plugin => ({
	name: 'where-it-was',
	setup(building) {
		building.onLoad({filter: /\.m?[jt]s$/}, async ({path: file}) => {
			const text = await readFile(file, 'utf8');
			const loader = file.endsWith('.ts') ? 'ts' : 'js';
			const contents = text.replaceAll(/\bimport\.meta\.(dirname|filename|url|compiledInto)\b/g, (_, name: string) =>
				JSON.stringify(
					{dirname: path.dirname(file), filename: file, compiledInto: directory}[name] ?? pathToFileURL(file).href,
				),
			);
			return {contents, loader};
		});
	},
});

const asTheyAre = (): Plugin => ({
	name: 'as-they-are',
	setup(building) {
		building.onResolve({filter: new RegExp(`^(?:${leftAlone.join('|')})$`)}, ({path: name}) => ({
			path: import.meta.resolve(name),
			external: true,
		}));
	},
});

const prune = async (cache: string): Promise<void> => {
	const names = (await readdir(cache)).filter((name) => name.startsWith('program-'));
	const found = await Promise.all(
		names.map(async (name) => ({
			name,
			mtimeMs: (await stat(path.join(cache, name)).catch(() => undefined))?.mtimeMs ?? 0,
		})),
	);
	const latest = found.toSorted((a, b) => b.mtimeMs - a.mtimeMs);
	const isOld = ({mtimeMs}: {readonly mtimeMs: number}, rank: number): boolean =>
		rank >= mostPrograms || (rank >= keptPrograms && wallClockMs() - mtimeMs > keptMs);
	const old = latest.filter((program, rank) => isOld(program, rank));
	await Promise.all(old.map(async ({name}) => rm(path.join(cache, name), {recursive: true, force: true})));
};
