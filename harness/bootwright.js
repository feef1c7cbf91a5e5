#!/usr/bin/env node
/**
 * Entry point. Plain JavaScript on purpose: whatever Node the machine has (16 or later) can run it, and hands over to the
 * project's own Node (npm package `node`) when the current one is too old for the TypeScript sources.
 */
import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import module from 'node:module';
import {homedir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {URL, fileURLToPath} from 'node:url';

const oldestMajor = 24;

if (Number(process.versions.node.split('.')[0]) >= oldestMajor) {
	// Not in $TMPDIR, where Node would put it: nothing of a run stays there.
	const cache = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'bootwright/compiled');
	await run((await isMade(cache)) ? cache : undefined);
} else {
	handOver();
}

/** @returns whether it is there */
async function isMade(/** @type {string} */ directory) {
	if (existsSync(directory)) {
		return true;
	}

	try {
		const {makeDirectory} = await import('./report/make-directory.ts');
		makeDirectory(directory);
		return true;
	} catch {
		return false;
	}
}

/** The program as a few files where they can be had, else its sources. */
async function run(/** @type {string | undefined} */ cache) {
	if (cache === undefined) {
		await import('./cli.ts');
		return;
	}

	module.enableCompileCache(cache);
	const compiled = await import('./program/compiled-program.ts')
		.then(({compiledProgram}) => compiledProgram(cache))
		.catch(() => undefined);
	if (compiled === undefined) {
		await import('./cli.ts');
		return;
	}

	try {
		await import(compiled);
	} catch (error) {
		// One of its files is damaged. What the program throws itself is something else.
		if (error.name !== 'SyntaxError' && error.code !== 'ERR_MODULE_NOT_FOUND') {
			throw error;
		}

		await import('./cli.ts');
	}
}

function handOver() {
	const node = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
	if (!existsSync(node)) {
		process.stderr.write(
			`bootwright: needs Node ${oldestMajor} or later, this is ${process.versions.node}, and the project's own is not installed.\n` +
				'  Run "make setup" in the clone.\n',
		);
		process.exitCode = 4;
		return;
	}

	// The IPC channel carries nothing: when this process dies, even by SIGKILL, the channel closes and the program stops (cli.ts).
	const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
		stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
	});
	child.channel?.unref();
	const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
	for (const signal of signals) {
		process.on(signal, () => child.kill(signal));
	}

	child.on('error', (error) => {
		process.stderr.write(`bootwright: cannot start ${node}: ${error.message}\n`);
		process.exitCode = 4;
	});
	child.on('exit', (code, signal) => {
		if (signal === null) {
			process.exitCode = code;
			return;
		}

		// Die of the same signal, so that a caller sees what happened.
		process.removeAllListeners(signal);
		process.kill(process.pid, signal);
	});
}
