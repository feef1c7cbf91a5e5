import {sysctlKeys} from '../core/requirements/ids.ts';

/** The line of a file that sets a key at boot. */
export type SysctlOrigin = {readonly file: string; readonly line: number; readonly value: string};

/** A file of the guest, a symbolic link with the text of what it points to; `/dev/null` is the empty text. */
export type SysctlFile = {readonly path: string; readonly text: string};

/**
 * Which line of which file sets each key at boot, by the rules of systemd-sysctl (sysctl.d(5), src/sysctl/sysctl.c) and
 * procps: of files with one name only that of the strongest folder is read, files go in the order of their names wherever
 * they are, the last assignment of a key wins, and a pattern never overrides a key that is named in full.
 * @param files everything in the sysctl.d folders, and /etc/sysctl.conf
 * @param keys dotted, as `sysctl` prints them
 */
export const sysctlOrigins = (
	files: readonly SysctlFile[],
	keys: Iterable<string> = sysctlKeys,
): ReadonlyMap<string, SysctlOrigin> => {
	const exact = new Map<string, SysctlOrigin | 'excluded'>();
	const patterns = new Map<string, SysctlOrigin>();
	const all = inOrder(files).flatMap((file) => assignments(file));
	for (const {keyPath, origin} of all) {
		if (!/[*?\[]/v.test(keyPath)) {
			exact.set(keyPath, origin);
		} else if (origin !== 'excluded') {
			// Deleted first, so that a pattern given again takes the later place, as in systemd's ordered map.
			patterns.delete(keyPath);
			patterns.set(keyPath, origin);
		}
	}

	const globs = [...patterns].map(([pattern, origin]) => ({matches: pathGlob(pattern), origin}));
	const found = new Map<string, SysctlOrigin>();
	for (const key of keys) {
		const keyPath = pathOf(key);
		const origin = exact.get(keyPath) ?? globs.findLast(({matches}) => matches(keyPath))?.origin;
		if (origin !== undefined && origin !== 'excluded') {
			found.set(key, origin);
		}
	}

	return found;
};

/** Strongest first. */
const folders = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d', '/lib/sysctl.d'];

const inOrder = (files: readonly SysctlFile[]): readonly SysctlFile[] => {
	const chosen = new Map<string, SysctlFile>();
	for (const folder of folders) {
		for (const file of files) {
			const name = file.path.slice(folder.length + 1);
			if (file.path === `${folder}/${name}` && /^[^\/]+[.]conf$/v.test(name) && !chosen.has(name)) {
				chosen.set(name, file);
			}
		}
	}

	const sorted = [...chosen].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
	// procps reads /etc/sysctl.conf last; systemd only by Debian's link 99-sysctl.conf to it.
	const main = chosen.has('99-sysctl.conf') ? [] : files.filter(({path}) => path === '/etc/sysctl.conf');
	return [...sorted, ...main];
};

type Assignment = {readonly keyPath: string; readonly origin: SysctlOrigin | 'excluded'};

const assignments = ({path, text}: SysctlFile): readonly Assignment[] =>
	text.split('\n').flatMap((raw, index): Assignment | readonly Assignment[] => {
		const line = raw.trim();
		if (line === '' || /^[#;]/v.test(line)) {
			return [];
		}

		const equals = line.indexOf('=');
		if (equals === -1) {
			// "-key" without a value keeps patterns away from that key.
			return line.startsWith('-') ? {keyPath: pathOf(line.slice(1).trim()), origin: 'excluded'} : [];
		}

		// "-key = value": a failure to write it is not reported; it is an assignment all the same.
		const key = line.slice(0, equals).trim().replace(/^-/v, '').trim();
		const value = line.slice(equals + 1).trim();
		return {keyPath: pathOf(key), origin: {file: path, line: index + 1, value}};
	});

/** The path below /proc/sys. Where the first separator is a dot, dots and slashes change places (an interface `eth0.7`). */
const pathOf = (key: string): string =>
	/^[^.\/]*[.]/v.test(key) ? key.replaceAll(/[.\/]/gv, (mark) => (mark === '.' ? '/' : '.')) : key;

/** glob(3) on a path: no mark of a pattern stands for a slash. */
const pathGlob = (pattern: string): ((path: string) => boolean) => {
	const source = pattern
		.split(/(?<mark>\*|\?|\[[^\]\/]+\])/v)
		.map((part) => {
			if (part === '*') {
				return '[^/]*';
			}

			if (part === '?') {
				return '[^/]';
			}

			return /^\[.+\]$/v.test(part)
				? part.replace(/^\[!/v, '[^')
				: part.replaceAll(/[\\^$.*+?\(\)\[\]\{\}\|]/gv, String.raw`\$&`);
		})
		.join('');
	const expression = new RegExp(`^${source}$`);
	return (path) => expression.test(path);
};
