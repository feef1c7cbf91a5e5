import {createHash} from 'node:crypto';
import {chmod, mkdir, readFile, rm, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {z} from 'zod';
import {HostError} from '../core/errors.ts';
import {type Architecture, type Libraries, librariesOf} from './build/architecture.ts';
import {cached, digestOf} from './build/cache.ts';
import {programEntries} from './build/programs.ts';
import {runTool, type ToolOptions} from './build/tool.ts';
import {ensureTree, treeDigest, unpackTree} from './build/tree.ts';
import {epoch} from './build/version.ts';
import {wakeProgram} from './wake-program.ts';

/** Where each program lies in the package tree. Each gets a wrapper `bin/NAME` in the toolbox. */
const programs = {
	ethtool: 'sbin/ethtool',
	ip: 'bin/ip',
	iperf3: 'usr/bin/iperf3',
	lspci: 'usr/bin/lspci',
	nstat: 'usr/bin/nstat',
	sg_inq: 'usr/bin/sg_inq',
	sg_readcap: 'usr/bin/sg_readcap',
	sg_vpd: 'usr/bin/sg_vpd',
	socat: 'usr/bin/socat',
} as const;

/** Programs for guests that lack them. `busybox` is linked statically. (`wake` is for copies alone.) */
export type ToolName = keyof typeof programs | 'busybox';

/** A disk to plug into a guest: a plain tar, so that reading it takes no file system driver. */
export type ToolboxImage = {
	readonly path: string;
	/** A multiple of 4096. */
	readonly bytes: number;
	/** Of the whole file, in hex. */
	readonly sha256: string;
	/** Its first member is busybox: this many bytes from byte 512 on. It unpacks the rest where the guest has no tar. */
	readonly unpackerBytes: number;
	readonly tools: readonly ToolName[];
};

/**
 * Gives back the toolbox, made of Debian packages first where the cache has none. Its programs run on any Linux of the architecture: each brings
 * its own loader and libraries.
 * @throws HostError for a missing program, an unreachable mirror or a full disk
 */
export const ensureToolbox = async (architecture: Architecture, options: ToolOptions = {}): Promise<ToolboxImage> => {
	const tree = treeNames[architecture];
	const libraries = librariesOf(architecture);
	const wrapper = wrapperOf(libraries, {name: '', program: ''});
	const {directory} = await cached({
		key: `${tree}-${digestOf([version, treeDigest(tree), String(epoch), JSON.stringify(programs), wrapper])}`,
		signal: options.signal,
		onProgress: options.onLine,
		build: async (work) => build(work, {architecture, tree, libraries, options}),
	});
	const facts = factsSchema.safeParse(
		JSON.parse(await readFile(path.join(directory, factsName), 'utf8').catch(() => 'null')),
	);
	if (!facts.success) {
		throw new HostError(`The image cache is damaged: ${directory}/${factsName}`, {hint: `rm -r ${directory}`});
	}

	const tools = [...Object.keys(programs), 'busybox'] as readonly ToolName[];
	return {path: path.join(directory, diskName), ...facts.data, tools};
};

/** Raise it when this file changes what comes out. */
const version = '2';
const treeNames = {amd64: 'toolbox', i386: 'toolbox-i386'} as const satisfies Record<Architecture, string>;
const diskName = 'toolbox.tar';
const factsName = 'toolbox.json';
const factsSchema = z.strictObject({bytes: z.int(), sha256: z.string(), unpackerBytes: z.int()});

type Step = {
	readonly architecture: Architecture;
	readonly tree: string;
	readonly libraries: Libraries;
	readonly options: ToolOptions;
};

const build = async (work: string, {architecture, tree: treeName, libraries, options}: Step): Promise<void> => {
	const tree = path.join(work, 'tree');
	const stage = path.join(work, 'stage');
	await unpackTree(await ensureTree(treeName, options), tree, options);
	const busybox = await readFile(path.join(tree, 'bin/busybox'));
	await put(stage, {path: 'busybox', content: busybox, mode: 0o755});
	const entries = await programEntries(tree, Object.values(programs), {...libraries, ...options});
	for (const entry of entries) {
		if (entry.type === 'file') {
			await put(stage, {...entry, path: path.join('root', entry.path)});
		}
	}

	for (const [name, program] of Object.entries(programs)) {
		await put(stage, {path: path.join('bin', name), content: wrapperOf(libraries, {name, program}), mode: 0o755});
	}

	await put(stage, {path: 'bin/wake', content: wakeProgram(architecture), mode: 0o755});
	await symlink('../busybox', path.join(stage, 'bin/busybox'));
	const disk = path.join(work, diskName);
	await runTool('tar', [...tarFlags, `--file=${disk}`, `--directory=${stage}`, 'busybox', 'bin', 'root'], options);
	const content = await readFile(disk);
	await writeFile(
		path.join(work, factsName),
		JSON.stringify({
			bytes: content.length,
			sha256: createHash('sha256').update(content).digest('hex'),
			unpackerBytes: busybox.length,
		} satisfies z.infer<typeof factsSchema>),
	);
	await rm(tree, {recursive: true});
	await rm(stage, {recursive: true});
};

/** Equal input gives equal bytes; the old ustar format, which every tar reads; 8 × 512 bytes: a whole number of physical blocks. */
const tarFlags = [
	'--create',
	'--format=ustar',
	'--sort=name',
	'--owner=0',
	'--group=0',
	'--numeric-owner',
	'--mode=u=rwX,go=rX',
	`--mtime=@${epoch}`,
	'--blocking-factor=8',
];

/** Called by its whole path. `--inhibit-cache`: the guest's own libraries never come into it (ld.so(8); `--argv0` since glibc 2.33). */
const wrapperOf = (
	{loader, folders}: Libraries,
	{name, program}: {readonly name: string; readonly program: string},
): string => `#!/bin/sh
d=\${0%/*}/../root
exec "$d/${loader}" --inhibit-cache --library-path "$d/${folders[0]}" --argv0 '${name}' "$d/${program}" "$@"
`;

type Staged = {readonly path: string; readonly content: Uint8Array | string; readonly mode?: number};

const put = async (root: string, {path: name, content, mode = 0o644}: Staged): Promise<void> => {
	const place = path.join(root, name);
	await mkdir(path.dirname(place), {recursive: true});
	await writeFile(place, content);
	await chmod(place, mode);
};
