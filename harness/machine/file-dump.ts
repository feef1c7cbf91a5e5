/** Contents of guest files by path, in the order of the guest's own sorting. */
export type FileDump = ReadonlyMap<string, Buffer>;

/** Bytes of each file that are looked at: the longest attribute of sysfs is 64 KiB, kernel configurations are read by other means. */
const limitBytes = 65_536;

/**
 * A shell command that prints all files matching `patterns`: first their paths, one a line, an empty line, then what
 * `head -v` makes of them. One process for any number of files: forks are what costs time under TCG.
 * GNU coreutils, busybox and toybox all know `-v` and `-c`. Patterns are trusted: they are the scenario's own words.
 */
export const dumpCommand = (patterns: readonly string[]): string =>
	String.raw`set -- ${[...new Set(patterns)].join(' ')}; printf '%s\n' "$@"; echo; head -v -c ${limitBytes} -- "$@" 2>/dev/null; :`;

/**
 * Reads what `dumpCommand` printed. The paths are known from the list, so a file whose contents look like
 * another file's header can only be cut at the header of the very next path.
 * Left out: patterns that matched nothing, and files that could not be opened.
 */
export const parseDump = (output: Buffer): FileDump => {
	const listEnd = output.indexOf('\n\n');
	const dump = new Map<string, Buffer>();
	if (listEnd === -1) {
		return dump;
	}

	const paths = output.subarray(0, listEnd).toString().split('\n');
	const starts = findStarts(output.subarray(listEnd + 2), paths);
	for (const [index, {path, content}] of starts.entries()) {
		const next = starts[index + 1];
		dump.set(path, output.subarray(listEnd + 2).subarray(content, next?.header));
	}

	return dump;
};

type Start = {readonly path: string; readonly header: number; readonly content: number};

/** Where the header and the contents of each file begin. `head` separates files by one empty line before the header. */
const findStarts = (body: Buffer, paths: readonly string[]): readonly Start[] => {
	const starts: Start[] = [];
	let from = 0;
	for (const path of paths) {
		const first = starts.length === 0;
		const header = `${first ? '' : '\n'}==> ${path} <==\n`;
		const at = body.indexOf(header, from);
		if (at === -1 || (first && at !== 0)) {
			continue;
		}

		from = at + Buffer.byteLength(header);
		starts.push({path, header: at, content: from});
	}

	return starts;
};

/** Text of a file of the dump: decoded, trimmed; undefined if the dump has no such file. */
export const textOf = (dump: FileDump, path: string): string | undefined => dump.get(path)?.toString().trim();

/** All files whose path matches, with the pattern's groups. */
export const matching = (
	dump: FileDump,
	pattern: RegExp,
): ReadonlyArray<{readonly path: string; readonly groups: readonly string[]; readonly content: Buffer}> =>
	dump
		.entries()
		.map(([path, content]) => ({path, match: pattern.exec(path), content}))
		.filter(({match}) => match !== null)
		.map(({path, match, content}) => ({path, groups: match?.slice(1) ?? [], content}))
		.toArray();
