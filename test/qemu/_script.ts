import {chmod, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import tmp from 'tmp-promise';

/** A folder of the test's own that goes away with it. */
export const folder = async (t: ExecutionContext): Promise<string> => {
	const {path: directory, cleanup} = await tmp.dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	return directory;
};

/** A program made of shell lines. */
export const script = async (directory: string, name: string, lines: string): Promise<string> => {
	const file = path.join(directory, name);
	await writeFile(file, `#!/bin/sh\n${lines}\n`);
	await chmod(file, 0o755);
	return file;
};
