import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {cached, digestOf} from './cache.ts';
import {mirrorLines, suite} from './mirror.ts';
import {loadTree, type TreeRecipe} from './recipe.ts';
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
					...hooks(recipe).map((hook) => `--customize-hook=${hook}`),
					...(recipe.variant === 'extract' ? [`--extract-hook=${listUnpacked}`] : []),
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

/** Unpacks a finished tree without its device nodes, which devtmpfs brings; everything belongs to whoever calls. */
export const unpackTree = async (directory: string, target: string, options: ToolOptions): Promise<void> => {
	await mkdir(target);
	const archive = join(directory, 'tree.tar');
	const flags = ['--preserve-permissions', '--no-same-owner', '--exclude=./dev/*'];
	await runTool('tar', ['--extract', ...flags, `--file=${archive}`, `--directory=${target}`], options);
};

/** Changes whenever what is fetched does; what the mirror holds at the moment is not part of it, nor what is laid over the tree later. */
export const treeDigest = (name: string): string => {
	const {variant, include, enable, disable} = loadTree(name);
	return digestOf([builderVersion, suite, String(epoch), JSON.stringify({variant, include, enable, disable})]);
};

/** Lists that lie inside the tree, because the hooks run in a user namespace and can write nowhere else. */
export const packageList = './bootwright-packages';
/** `UID GID PATH` of what does not belong to root. */
export const ownerList = './bootwright-owners';

const hooks = ({variant, enable, disable}: TreeRecipe): readonly string[] =>
	variant === 'extract'
		? []
		: [
				...(enable.length === 0 ? [] : [`chroot "$1" systemctl enable ${enable.join(' ')}`]),
				...(disable.length === 0 ? [] : [`chroot "$1" systemctl disable ${disable.join(' ')}`]),
				`dpkg-query --admindir="$1"/var/lib/dpkg --show > "$1"/${packageList}`,
				String.raw`cd "$1" && find . -xdev \( ! -uid 0 -o ! -gid 0 \) -printf "%U %G %P\n" | sort > ${ownerList}`,
			];

/** Unpacked packages leave no trace in dpkg's database, but they still lie in apt's cache when they have been unpacked. */
const listUnpacked = `for deb in "$1"/var/cache/apt/archives/*.deb; do dpkg-deb --show "$deb"; done > "$1"/${packageList}`;
