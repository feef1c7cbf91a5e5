import os from 'node:os';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {execa} from 'execa';

/** What `_open.ts` says. */
export type Told = {
	readonly up: boolean;
	readonly uid: number;
	readonly name: string;
	readonly message: string;
	readonly hint: string;
	readonly namespace: string;
};

const isRoot = os.userInfo().uid === 0;

const program = path.join(import.meta.dirname, '_open.ts');

/** Opens a lab in a mount namespace that a script has changed. */
export const openElsewhere = (script: string, {before = [] as readonly string[]} = {}) => {
	const namespaces = isRoot ? ['--mount'] : ['--user', '--map-root-user', '--mount'];
	const command = `set -e; ${script}; exec "$@"`;
	const args = [...namespaces, '--', 'sh', '-c', command, 'sh', ...before, process.execPath, program];
	const child = execa('unshare', args, {reject: false, buffer: false});
	const told = async (): Promise<Told> => {
		const {value} = await createInterface({input: child.stdout})[Symbol.asyncIterator]().next();
		return JSON.parse(String(value)) as Told;
	};

	return {child, told: told()};
};
