import os from 'node:os';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {execa} from 'execa';
import {asNobody} from '../open-to-nobody.ts';

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

const opening = [process.execPath, path.join(import.meta.dirname, '_open.ts')];

/** Opens a lab in a mount namespace that a script has changed. */
export const openElsewhere = (script: string) => {
	const namespaces = isRoot ? ['--mount'] : ['--user', '--map-root-user', '--mount'];
	return told(['unshare', ...namespaces, '--', 'sh', '-c', `set -e; ${script}; exec "$@"`, 'sh', ...opening]);
};

/** Opens one as nobody, in a mount namespace that a script of root has changed. */
export const openAsNobody = (before: string) => told(asNobody(opening, {before}));

const told = ([program, ...args]: readonly [string, ...string[]]) => {
	const child = execa(program, args, {reject: false, buffer: false, cwd: '/'});
	const read = async (): Promise<Told> => {
		const {value} = await createInterface({input: child.stdout})[Symbol.asyncIterator]().next();
		return JSON.parse(String(value)) as Told;
	};

	return {child, told: read()};
};
