import {spawn} from 'node:child_process';
import {once} from 'node:events';
import path from 'node:path';
import {createInterface} from 'node:readline';
import type {TestNetwork} from './_network.ts';

/** Starts the tap's other side and talks to it. */
export const openTap = async (network: TestNetwork, offloads: number) => {
	const program = path.join(import.meta.dirname, '_tap.py');
	const [file, ...args] = [...network.enter, '/usr/bin/python3', program, 'tap0', String(offloads)];
	const child = spawn(file, args, {stdio: ['pipe', 'pipe', 'inherit']});
	const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
	const next = async (): Promise<string> => (await lines.next()).value!;
	await next();
	return {
		write: async (frame: Buffer) => {
			child.stdin.write(`write ${frame.toString('hex')}\n`);
			await next();
		},
		read: async (count: number) => {
			child.stdin.write(`read ${count}\n`);
			const frames: Buffer[] = [];
			while (frames.length < count) {
				frames.push(Buffer.from(await next(), 'hex'));
			}

			return frames;
		},
		[Symbol.asyncDispose]: async () => {
			child.kill();
			await once(child, 'exit');
		},
	};
};

/** TUN_F_CSUM, TUN_F_TSO4, TUN_F_TSO6: what a guest with these features asks for. */
export const allOffloads = 1 | 2 | 4;
