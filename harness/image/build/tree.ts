import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {cached, digestOf} from './cache.ts';
import {mirrorLines, suite} from './mirror.ts';
import {loadTree} from './recipe.ts';
import {runTool, type ToolOptions} from './tool.ts';
import {builderVersion, epoch} from './version.ts';

/**
 * Fetches a tree of Debian packages, or finds it in the cache. Several images are made of one tree.
 * @returns the directory with `tree.tar` and `packages.txt` (a name and a version per line, sorted)
 */
export const ensureTree = async (name: string, {signal, onLine}: ToolOptions): Promise<string> => {
	const recipe = loadTree(name);
	return cached({
		key: `tree-${name}-${treeDigest(name)}`,
		signal,
		onProgress: onLine,
		async build(work) {
			const mirror = await mirrorLines({signal});
			onLine?.(`fetching Debian packages (${recipe.include.length} and what they need)`);
			await runTool(
				'mmdebstrap',
				[
					'--mode=auto',
					`--variant=${recipe.variant}`,
					`--include=${recipe.include.join(',')}`,
					...listPackages[recipe.variant],
					suite,
					join(work, 'tree.tar'),
					...mirror,
				],
				{signal, onLine: (line) => onLine?.(`mmdebstrap: ${line}`), env: {SOURCE_DATE_EPOCH: String(epoch)}},
			);
			const list = await runTool('tar', ['--extract', '--to-stdout', `--file=${join(work, 'tree.tar')}`, packageList]);
			await writeFile(join(work, 'packages.txt'), `${list.split('\n').toSorted().join('\n')}\n`);
		},
	});
};

/** Changes whenever a tree's recipe does; what the mirror holds at the moment is not part of it. */
export const treeDigest = (name: string): string =>
	digestOf([builderVersion, suite, String(epoch), JSON.stringify(loadTree(name))]);

/** Where the list lies inside the tree: the hooks run in a user namespace and can write nowhere else. */
export const packageList = './bootwright-packages';

/** Unpacked packages leave no trace in dpkg's database, but they still lie in apt's cache when they have been unpacked. */
const listPackages = {
	extract: [
		'--extract-hook=for deb in "$1"/var/cache/apt/archives/*.deb; do ' +
			`dpkg-deb --show "$deb"; done > "$1"/${packageList}`,
	],
	minbase: [`--customize-hook=dpkg-query --admindir="$1"/var/lib/dpkg --show > "$1"/${packageList}`],
} as const;
