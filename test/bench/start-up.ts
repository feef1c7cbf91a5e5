import path from 'node:path';
import {execa} from 'execa';
import {monotonicMs} from '../../harness/core/clock.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Milliseconds until `--help` is answered: the program itself, and what npm and npx add. */
export const startUp = async (
	repetitions: number,
): Promise<ReadonlyArray<{readonly way: string; readonly ms: number[]}>> => {
	const ways = [
		{way: 'node harness/bootwright.js --help', command: [process.execPath, 'harness/bootwright.js', '--help']},
		{way: 'npx bootwright --help', command: ['npx', 'bootwright', '--help']},
		{way: 'npm run boot-test -- --help', command: ['npm', 'run', '--silent', 'boot-test', '--', '--help']},
	];
	const results = [];
	for (const {way, command} of ways) {
		const [file = '', ...args] = command;
		const ms: number[] = [];
		for (let index = 0; index < repetitions; index++) {
			const startedAt = monotonicMs();
			await execa(file, args, {cwd: root});
			ms.push(monotonicMs() - startedAt);
		}

		results.push({way, ms});
	}

	return results;
};
