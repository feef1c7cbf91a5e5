import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {runTool, type ToolOptions} from './tool.ts';

/** The release all images are made of. */
export const suite = 'bookworm';

/**
 * Finds where this host's own apt gets Debian 12 from, as lines for a sources.list: main, updates and security.
 * `BOOTWRIGHT_MIRROR` (a URI) overrides it; without either the list is empty and mmdebstrap chooses for itself.
 * Proxies and keyrings need nothing here: mmdebstrap's apt reads the host's apt configuration.
 */
export const mirrorLines = async (options: ToolOptions = {}): Promise<readonly string[]> => {
	const override = process.env['BOOTWRIGHT_MIRROR'];
	if (override !== undefined && override !== '') {
		return [`deb ${override} ${suite} main`];
	}

	if (!existsSync('/etc/os-release') || !(await readFile('/etc/os-release', 'utf8')).includes(`=${suite}\n`)) {
		return [];
	}

	const format = '$(REPO_URI) $(RELEASE) $(COMPONENT)';
	const targets = await runTool('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'], options);
	return sourceLines(targets);
};

/** Picks the lines of this release out of `REPO_URI RELEASE COMPONENT` triples; none unless the release itself is there. */
export const sourceLines = (targets: string): readonly string[] => {
	const wanted = new Set([suite, `${suite}-updates`, `${suite}-security`]);
	const found = targets
		.split('\n')
		.map((line) => line.split(' '))
		.flatMap(([uri, release, component]) =>
			uri !== undefined && release !== undefined && component === 'main' && wanted.has(release) ? [{uri, release}] : [],
		);
	return found.some(({release}) => release === suite)
		? [...new Set(found.map(({uri, release}) => `deb ${uri} ${release} main`))].toSorted()
		: [];
};
