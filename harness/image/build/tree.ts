import {existsSync, readFileSync} from 'node:fs';
import {mkdir, rm, writeFile} from 'node:fs/promises';
import {userInfo} from 'node:os';
import path from 'node:path';
import pRetry from 'p-retry';
import {cached, digestOf} from './cache.ts';
import {PassingFetchError, explainFetch} from './explain-fetch.ts';
import {inByteOrder} from './in-byte-order.ts';
import {mirrorLines} from './mirror.ts';
import {mmdebstrapArguments, packageList} from './mmdebstrap.ts';
import {loadTree, recipesDirectory, type TreeRecipe} from './recipe.ts';
import {foreignOwners} from './tree-owners.ts';
import {runTool, type ToolOptions} from './tool.ts';
import {epoch} from './version.ts';

/**
 * Fetches a tree of Debian packages, or finds it in the cache. Several images are made of one tree.
 * @returns the directory with `tree.tar`, `packages.txt` (a name and a version per line, sorted) and `owners.txt`
 */
export const ensureTree = async (name: string, {signal, onLine}: ToolOptions): Promise<string> => {
	const recipe = loadTree(name);
	const {directory} = await cached({
		key: `tree-${name}-${treeDigest(name)}`,
		signal,
		onProgress: onLine,
		async build(work) {
			onLine?.(`fetching Debian packages (${recipe.include.length} and what they need)`);
			const archive = path.join(work, 'tree.tar');
			await fetchPatiently(recipe, archive, {signal, onLine});
			const list = await runTool('tar', ['--extract', '--to-stdout', `--file=${archive}`, packageList], {signal});
			await writeFile(path.join(work, 'packages.txt'), `${list.split('\n').toSorted(inByteOrder).join('\n')}\n`);
			const members = await runTool('tar', ['--list', '--verbose', '--numeric-owner', `--file=${archive}`], {signal});
			await writeFile(path.join(work, 'owners.txt'), foreignOwners(members));
		},
	});
	return directory;
};

/** Mirrors have moments. What else goes wrong would go wrong again. */
const fetchPatiently = async (recipe: TreeRecipe, archive: string, options: ToolOptions): Promise<void> => {
	const {signal, onLine} = options;
	await pRetry(async () => fetchPackages(recipe, archive, options), {
		retries: 2,
		minTimeout: 2000,
		...(signal !== undefined && {signal}),
		shouldRetry: ({error}) => error instanceof PassingFetchError,
		async onFailedAttempt({error, retriesLeft}) {
			await rm(archive, {force: true});
			if (retriesLeft > 0 && error instanceof PassingFetchError) {
				onLine?.(`${error.message}; trying again`);
			}
		},
	});
};

const fetchPackages = async (recipe: TreeRecipe, archive: string, {signal, onLine}: ToolOptions): Promise<void> => {
	const {suite} = recipe;
	const lines = await mirrorLines(suite, {signal});
	const mirror = recipe.security ? lines : lines.filter((line) => !line.includes(`${suite}-security`));
	const args = [supervisor, ...hostArguments(), ...mmdebstrapArguments(recipe), suite, archive, ...mirror];
	const words: string[] = [];
	const onMmdebstrap = (line: string): void => {
		words.push(line);
		for (const step of progressOf(line)) {
			onLine?.(step);
		}
	};
	try {
		const env = {SOURCE_DATE_EPOCH: String(epoch)};
		await runTool('sh', args, {name: 'mmdebstrap', signal, onLine: onMmdebstrap, env});
	} catch (error) {
		throw explainFetch(error, words);
	}
};

const supervisor = path.join(import.meta.dirname, 'mmdebstrap.sh');

const debianKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** `auto` would not say what an ordinary user lacks; the keys are trusted besides those that the host's own apt trusts. */
const hostArguments = (): readonly string[] => [
	`--mode=${userInfo().uid === 0 ? 'root' : 'unshare'}`,
	// More than one try of a single file takes long and helps no more than asking for everything again a little later.
	'--aptopt=Acquire::Retries "1"',
	...(existsSync(debianKeyring) ? [`--keyring=${debianKeyring}`] : []),
];

/** Unpacks a finished tree without its device nodes, which devtmpfs brings; everything belongs to whoever calls. */
export const unpackTree = async (directory: string, target: string, options: ToolOptions): Promise<void> => {
	await mkdir(target);
	const archive = path.join(directory, 'tree.tar');
	const flags = ['--preserve-permissions', '--no-same-owner', '--exclude=./dev/*', `--exclude=${packageList}`];
	await runTool('tar', ['--extract', ...flags, `--file=${archive}`, `--directory=${target}`], options);
};

/** Changes whenever what is fetched and configured does; what the mirror holds at the moment is not part of it. */
export const treeDigest = (name: string): string => {
	const recipe = loadTree(name);
	const early = Object.values(recipe.early).map((file) => readFileSync(path.join(recipesDirectory, file)));
	// Without the repository's own place, which the arguments name.
	const args = mmdebstrapArguments(recipe).map((argument) => argument.replaceAll(recipesDirectory, ''));
	return digestOf([recipe.suite, String(epoch), ...(recipe.security ? [] : ['no security']), ...args, ...early]);
};

/** What a person wants to hear of mmdebstrap: its steps, warnings and errors, not each package or hook. */
const progressOf = (line: string): readonly string[] => {
	const step = /^(?<kind>[IWE]): (?!running (?:--|special hook))(?<text>.*)/.exec(line)?.groups;
	return step === undefined
		? []
		: [`packages: ${step['kind'] === 'I' ? '' : `${step['kind'] ?? ''}: `}${step['text'] ?? ''}`];
};
