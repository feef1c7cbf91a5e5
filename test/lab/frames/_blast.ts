import path from 'node:path';
import {execa} from 'execa';
import type {InjectedFrame} from '../../../harness/lab/frames/frame-tool.ts';
import {buildVnetHeader} from '../../../harness/lab/frames/vnet-header.ts';
import type {TestNetwork} from './_network.ts';

/** Sends a frame many times, as fast as one process can; the seconds it took. */
export const blast = async (
	network: TestNetwork,
	{count, frame}: {readonly count: number; readonly frame: InjectedFrame},
) => {
	const program = path.join(import.meta.dirname, '_blast.py');
	const [file, ...args] = [...network.enter, '/usr/bin/python3', program, 'lab0', String(count)];
	const input = Buffer.concat([buildVnetHeader(frame.header), frame.bytes]).toString('hex');
	return Number((await execa(file, args, {input})).stdout);
};
