import {runTool, type ToolOptions} from './tool.ts';

/** The releases that images are made of, the first one where a recipe names none. */
export const suites = ['bookworm', 'trixie'] as const;
export type Suite = (typeof suites)[number];

/**
 * Finds where this host's own apt gets Debian from, as lines for a sources.list: one release, its updates and security.
 * `BOOTWRIGHT_MIRROR` (a URI) overrides it. Without either the list is empty, and mmdebstrap chooses for itself.
 * Proxies need nothing here: mmdebstrap's apt reads the host's apt configuration.
 */
export const mirrorLines = async (suite: Suite, options: ToolOptions = {}): Promise<readonly string[]> => {
	const override = process.env['BOOTWRIGHT_MIRROR'];
	if (override !== undefined && override !== '') {
		return [`deb ${override} ${suite} main`];
	}

	const format = '$(REPO_URI) $(CODENAME) $(COMPONENT) $(ORIGIN)';
	return sourceLines(
		suite,
		await runTool('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'], options),
	);
};

/**
 * Lines for a release out of `REPO_URI CODENAME COMPONENT ORIGIN` of each source. A host of another Debian release has its
 * mirror asked for this one, as mirrors hold all releases; a host that is no Debian has none to offer.
 */
export const sourceLines = (suite: Suite, targets: string): readonly string[] => {
	const sources = targets
		.split('\n')
		.map((line) => /^(?<uri>\S+) (?<release>[a-z]+)(?<part>-updates|-security)? main Debian$/.exec(line)?.groups)
		.filter((groups) => groups !== undefined && !groups['uri']?.startsWith('cdrom:'));
	const own = sources.filter((source) => source?.['release'] === suite);
	const chosen = own.some((source) => source?.['part'] === undefined) ? own : sources;
	const lines = chosen.map((source) => `deb ${source?.['uri'] ?? ''} ${suite}${source?.['part'] ?? ''} main`);
	return [...new Set(lines)].toSorted((a, b) => a.length - b.length || a.localeCompare(b, 'en'));
};
