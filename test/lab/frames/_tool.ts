import {readFile, readdir} from 'node:fs/promises';
import {Deadline} from '../../../harness/core/deadline.ts';
import {type FrameTool, openFrameTool} from '../../../harness/lab/frames/frame-tool.ts';
import type {TestNetwork} from './_network.ts';

const {signal} = new AbortController();

export const open = async (network: TestNetwork, name: string): Promise<FrameTool> =>
	openFrameTool({enter: network.enter, interface: name, signal});

export const inTime = (): Deadline => new Deadline({phase: 'test', budgetMs: 20_000});

/** The helper on an interface that only one test has: a child of ours that names it last. */
export const helperPid = async (name: string): Promise<number> => {
	const entries = await readdir('/proc');
	for (const pid of entries) {
		const line = /^\d+$/u.test(pid) ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') : '';
		const parent = /^PPid:\s(\d+)/mu.exec(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''))?.[1];
		if (line.endsWith(`frames.py\0${name}\0`) && Number(parent) === process.pid) {
			return Number(pid);
		}
	}

	throw new Error('no helper');
};
