import {readFileSync, readdirSync} from 'node:fs';
import path from 'node:path';

const directory = path.join(import.meta.dirname, 'base-configs');

/** Configurations that pass offline, of kernels from each age of the configuration language; by name. */
export const baseConfigs = (): ReadonlyMap<string, string> =>
	new Map(
		readdirSync(directory)
			.filter((file) => file.endsWith('.config'))
			.toSorted((a, b) => a.localeCompare(b, 'en', {numeric: true}))
			.map((file) => [path.basename(file, '.config'), readFileSync(path.join(directory, file), 'utf8')]),
	);

/** Lines by option: a value, `n` for "is not set", undefined to leave the line out. */
export type Lines = Readonly<Record<string, string | undefined>>;

/** A configuration with some options changed; their lines move to its end. */
export const withLines = (text: string, lines: Lines): string => {
	const names = new Set(Object.keys(lines));
	const kept = text
		.split('\n')
		.filter((line) => !names.has(/^(?:# )?CONFIG_(?<name>\w+)[ =]/v.exec(line)?.groups?.['name'] ?? ''));
	const added = Object.entries(lines)
		.filter(([, value]) => value !== undefined)
		.map(([name, value]) => (value === 'n' ? `# CONFIG_${name} is not set` : `CONFIG_${name}=${value}`));
	return [...kept.filter((line) => line !== ''), ...added, ''].join('\n');
};
