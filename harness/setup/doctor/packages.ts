import {readFile} from 'node:fs/promises';
import {findProgram} from '../../core/find-program.ts';
import type {Check} from './check.ts';

/** A line of packages.txt: a Debian package, a program of it that proves it is there (`-`: it has none), and what it is for. */
export type ListedPackage = {
	readonly name: string;
	readonly program: string;
	readonly why: string;
	/** Only `make test` needs it. */
	readonly test: boolean;
};

const list = new URL('../packages.txt', import.meta.url);

/** The programs that Bootwright calls, and those that only its own tests call. */
export const checkPackages = async (searchPath: string): Promise<readonly Check[]> => {
	const packages = parsePackages(await readFile(list, 'utf8'));
	const missing = await Promise.all(
		packages.map(async (each) => (each.program === '-' || (await isOnPath(each.program, searchPath)) ? [] : [each])),
	);
	const lacking = missing.flat();
	const check = (test: boolean): Check => {
		const lack = lacking.filter((each) => each.test === test);
		const names = lack.map(({name}) => name);
		return {
			id: test ? 'packages.test' : 'packages.run',
			title: test ? 'Programs for make test' : 'Programs',
			ok: lack.length === 0,
			essential: false,
			found:
				lack.length === 0
					? `all ${packages.filter((each) => each.test === test).length} packages`
					: `missing: ${lack.map(({program}) => program).join(', ')}`,
			cure: lack.length === 0 ? undefined : `sudo apt-get install --no-install-recommends ${names.join(' ')}`,
		};
	};

	return [check(false), check(true)];
};

/** `package  program  # why`, one a line; what follows `[test]` is for the tests alone. */
export const parsePackages = (text: string): readonly ListedPackage[] => {
	const [run = '', test = ''] = text.split(/^\[test\]$/m);
	return [
		...run.matchAll(line).map((match) => listed(match, false)),
		...test.matchAll(line).map((match) => listed(match, true)),
	];
};

const line = /^(?<name>[a-z\d][^\s#]*)[ \t]+(?<program>\S+)[ \t]+#[ \t]*(?<why>.*)$/gm;

const listed = ({groups = {}}: RegExpExecArray, test: boolean): ListedPackage => ({
	name: groups['name'] ?? '',
	program: groups['program'] ?? '',
	why: groups['why'] ?? '',
	test,
});

/** Whether a program stands in one of the folders of PATH, or where root's programs are. */
export const isOnPath = async (program: string, searchPath: string): Promise<boolean> =>
	(await findProgram(program, `${searchPath}:/usr/sbin:/sbin`)) !== undefined;
