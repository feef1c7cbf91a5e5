import {readFileSync} from 'node:fs';
import path from 'node:path';
import {quoteShell} from '../../core/shell-quote.ts';
import {recipesDirectory, type TreeRecipe} from './recipe.ts';

/** Where the list of packages and versions lies inside the tree: hooks run in a user namespace and can write nowhere else. */
export const packageList = './bootwright-packages';

/** What mmdebstrap has to be told to make a tree, without mode, suite, target and mirror. */
export const mmdebstrapArguments = (recipe: TreeRecipe): readonly string[] => [
	`--variant=${recipe.variant}`,
	...(recipe.architecture === 'amd64' ? [] : [`--architectures=${recipe.architecture}`]),
	`--include=${recipe.include.join(',')}`,
	...(recipe.variant === 'extract' ? [`--extract-hook=${listUnpacked}`] : systemArguments(recipe)),
];

/** Unpacked packages leave no trace in dpkg's database, but they still lie in apt's cache when they have been unpacked. */
const listUnpacked = `for deb in "$1"/var/cache/apt/archives/*.deb; do dpkg-deb --show "$deb"; done > "$1"/${packageList}`;

const systemArguments = ({early, ...units}: TreeRecipe): readonly string[] => [
	// /bin and the like as links from the beginning; otherwise a package does it, with the help of all of Perl.
	'--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr',
	// Nobody needs half a tree: no waiting for the disk after each package.
	'--dpkgopt=force-unsafe-io',
	...Object.entries(early).flatMap(([target, source]) => uploads(target, path.join(recipesDirectory, source))),
	'--customize-hook=rm "$1"/etc/dpkg/dpkg.cfg.d/99mmdebstrap',
	...(['enable', 'disable', 'mask'] as const)
		.filter((verb) => units[verb].length > 0)
		.map((verb) => `--customize-hook=chroot "$1" systemctl ${verb} ${units[verb].join(' ')}`),
	`--customize-hook=dpkg-query --admindir="$1"/var/lib/dpkg --show > "$1"/${packageList}`,
];

const uploads = (target: string, source: string): readonly string[] => [
	`--setup-hook=mkdir -p "$1"/${path.dirname(target)}`,
	`--setup-hook=upload ${quoteShell(source)} /${target}`,
	...(readFileSync(source, 'utf8').startsWith('#!') ? [`--setup-hook=chmod 755 "$1"/${target}`] : []),
];
