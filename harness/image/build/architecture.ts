/** Debian's names of what a guest on this machine may be made of. */
export const architectureNames = ['amd64', 'i386'] as const;
export type Architecture = (typeof architectureNames)[number];

/** Where the loader and the libraries of a package tree lie (System V ABI, "program interpreter"; Debian's multiarch folders). */
export type Libraries = {
	readonly loader: string;
	/** The first one is where they are put in what is made of the tree. */
	readonly folders: readonly [string, ...string[]];
};

export const librariesOf = (architecture: Architecture): Libraries => libraries[architecture];

const libraries: Readonly<Record<Architecture, Libraries>> = {
	amd64: {loader: 'lib64/ld-linux-x86-64.so.2', folders: ['lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu']},
	i386: {loader: 'lib/ld-linux.so.2', folders: ['lib/i386-linux-gnu', 'usr/lib/i386-linux-gnu']},
};

/**
 * The one whose programs a kernel runs, by `uname -m`.
 * @returns undefined for a kernel that runs neither
 */
export const architectureOf = (machine: string): Architecture | undefined =>
	machine === 'x86_64' ? 'amd64' : /^i[3-6]86$/v.test(machine) ? 'i386' : undefined;
