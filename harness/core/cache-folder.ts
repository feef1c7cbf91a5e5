import os from 'node:os';
import path from 'node:path';

/** A folder or a file of the program's cache: below `$XDG_CACHE_HOME`, else below ~/.cache (XDG Base Directory Specification). */
export const cacheFolder = (name: string, env: Readonly<Record<string, string | undefined>> = process.env): string => {
	const base = env['XDG_CACHE_HOME'] ?? '';
	return path.join(base === '' ? path.join(os.homedir(), '.cache') : base, 'bootwright', name);
};
