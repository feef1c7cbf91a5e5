import {readFileSync, readdirSync} from 'node:fs';
import path from 'node:path';
import {HostError} from '../../core/errors.ts';
import type {CpioEntry} from './cpio.ts';

/** What a kernel module says about itself (its .modinfo section). */
export type ModuleInfo = {
	readonly name: string;
	/** Path below lib/modules/VERSION. */
	readonly path: string;
	readonly depends: readonly string[];
	readonly aliases: readonly string[];
};

/** A kernel's modules, looked up by name; `-` and `_` mean the same. */
export type ModuleSet = {
	readonly kernel: string;
	readonly read: (name: string) => ModuleInfo & {readonly content: Buffer};
};

/** @param tree directory of an unpacked package tree with exactly one kernel */
export const moduleSet = (tree: string): ModuleSet => {
	const root = path.join(tree, 'lib/modules');
	const [kernel, ...others] = readdirSync(root);
	if (kernel === undefined || others.length > 0) {
		throw new HostError(`The package tree has ${others.length + 1} kernels, one was expected`);
	}

	const paths = new Map(
		readdirSync(path.join(root, kernel), {recursive: true, encoding: 'utf8'})
			.filter((file) => file.endsWith('.ko'))
			.map((file) => [nameOf(file), file]),
	);
	return {
		kernel,
		read(name) {
			const file = paths.get(underscored(name));
			if (file === undefined) {
				throw new HostError(`Kernel ${kernel} has no module ${name}`);
			}

			const content = readFileSync(path.join(root, kernel, file));
			return {...parseModuleInfo(content), name: nameOf(file), path: file, content};
		},
	};
};

/** The `depends=` and `alias=` strings of a module's .modinfo section (kernel: include/linux/module.h, scripts/mod/modpost.c). */
export const parseModuleInfo = (content: Buffer): Pick<ModuleInfo, 'depends' | 'aliases'> => {
	const text = content.toString('latin1');
	const values = (key: string): readonly string[] =>
		text
			.matchAll(new RegExp(String.raw`(?<=\0)${key}=([^\0]*)\0`, 'g'))
			.map(([, value = '']) => value)
			.toArray();
	return {
		depends: values('depends')
			.flatMap((list) => list.split(','))
			.filter((name) => name !== ''),
		aliases: values('alias'),
	};
};

/** The named modules and all they depend on, each after what it needs. */
export const inLoadOrder = <T extends ModuleInfo>(
	names: readonly string[],
	read: (name: string) => T,
): readonly T[] => {
	const ordered = new Map<string, T>();
	const visit = (name: string): void => {
		if (!ordered.has(underscored(name))) {
			const found = read(name);
			for (const needed of found.depends) {
				visit(needed);
			}

			ordered.set(found.name, found);
		}
	};
	for (const name of names) {
		visit(name);
	}

	return ordered.values().toArray();
};

/** Archive entries for modules, with the lists by which modprobe finds them: modules.dep, modules.alias, and `load` for /init. */
export const moduleEntries = (
	set: ModuleSet,
	{load, modules}: {readonly load: readonly string[]; readonly modules: readonly string[]},
): readonly CpioEntry[] => {
	const found = inLoadOrder([...load, ...modules], set.read);
	if (found.length === 0) {
		return [];
	}

	const root = `lib/modules/${set.kernel}`;
	const dependencies = found.map((module) => {
		// modprobe loads a line from its end.
		const needs = inLoadOrder([module.name], set.read).slice(0, -1).toReversed();
		return `${module.path}: ${needs.map(({path}) => path).join(' ')}\n`;
	});
	const aliases = found.flatMap(({name, aliases}) => aliases.map((alias) => `alias ${alias} ${name}\n`));
	return [
		...found.map(({path, content}): CpioEntry => ({type: 'file', path: `${root}/${path}`, content})),
		{type: 'file', path: `${root}/modules.dep`, content: dependencies.join('')},
		{type: 'file', path: `${root}/modules.alias`, content: aliases.join('')},
		{type: 'file', path: 'lib/modules/load', content: `${load.join(' ')}\n`},
	];
};

const underscored = (name: string): string => name.replaceAll('-', '_');
const nameOf = (file: string): string => underscored(path.basename(file, '.ko'));
