import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {HarnessBug} from '../../core/errors.ts';
import {runTool, type ToolOptions} from './tool.ts';

/** Gives root a password in an unpacked tree. The salt is fixed, so that equal input gives equal bytes: the password is published anyway. */
export const setRootPassword = async (tree: string, password: string, options: ToolOptions): Promise<void> => {
	// perl is there wherever mmdebstrap is; 1000 rounds, the least there are, because an emulated CPU has to do them at every login.
	const hash = await runTool('perl', ['-e', 'print crypt(<STDIN>, q($6$rounds=1000$bootwright$))'], {
		...options,
		input: password,
	});
	const file = path.join(tree, 'etc/shadow');
	const before = await readFile(file, 'utf8');
	const after = before.replace(/^root:[^:]*:/m, () => `root:${hash}:`);
	if (after === before || !hash.startsWith('$6$')) {
		throw new HarnessBug(`Cannot set the password of root in ${file}`);
	}

	await writeFile(file, after);
};
