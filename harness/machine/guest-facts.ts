/** What a scenario has to know about a guest before it can ask well. */
export type GuestFacts = {
	/** `uname -r`, e.g. `6.1.0-32-cloud-amd64`. */
	readonly kernelRelease: string;
	/** `uname -m`, e.g. `x86_64`. */
	readonly architecture: string;
	/** Those of the optional tools that are in the PATH. */
	readonly tools: ReadonlySet<string>;
};

/** Tools that some scenario can use where they exist; none is required. */
const optionalTools = ['sha256sum', 'md5sum', 'cksum', 'od', 'stty', 'sg_inq', 'sg_vpd', 'sg_readcap', 'lspci', 'zcat'];

/** One round trip: release, architecture, then the tools that exist. `command -v` is POSIX; a path is printed on stdout. */
export const factsCommand = `uname -r; uname -m; for t in ${optionalTools.join(' ')}; do command -v "$t" >/dev/null 2>&1 && echo "$t"; done; :`;

export const parseFacts = (text: string): GuestFacts => {
	const [kernelRelease = '', architecture = '', ...tools] = text.trim().split(/\s+/v);
	return {kernelRelease, architecture, tools: new Set(tools)};
};
