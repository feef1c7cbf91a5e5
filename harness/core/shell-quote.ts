/** A word as a POSIX shell must be given it, for commands that people copy: quoted only where it is needed. */
export const quoteShell = (word: string): string =>
	/^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
