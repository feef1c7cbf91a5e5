import {stat} from 'node:fs/promises';
import {builtImage, imageNames, loadRecipe, loadTree} from '../../image/build.ts';
import {type Recipe} from '../../image/build/recipe.ts';
import {formatBytes} from '../../report/format-bytes.ts';
import {type Subject, plainSubject} from './subject.ts';

/** The reference images: what each is made of, how one gets in, and whether it is in the cache. */
export const imageSubjects = async (): Promise<readonly Subject[]> =>
	Promise.all(imageNames().map(async (name) => imageSubject(name)));

const imageSubject = async (name: string): Promise<Subject> => {
	const recipe = loadRecipe(name);
	const {suite, architecture} = loadTree(recipe.tree);
	return plainSubject({
		kind: 'image',
		id: `ref:${name}`,
		alias: name,
		title: recipe.title,
		heading: 'Reference image',
		entries: [
			['packages', `Debian ${suite}, ${architecture}: images/trees/${recipe.tree}.yaml`],
			['disk', diskOf(recipe)],
			['access', wayIn(recipe)],
			['recipe', `images/${name}/recipe.yaml`],
			['built', await placeOf(await builtImage(name), `bootwright images build ${name}`)],
			['run', recipe.disk === undefined ? undefined : `bootwright test ref:${name}`],
			['docs', 'docs/reference-images.md'],
		],
	});
};

/** Where it lies and how large it is, or the command that makes it. */
export const placeOf = async (file: string | undefined, command: string): Promise<string> =>
	file === undefined ? `not yet: ${command}` : `${formatBytes((await stat(file)).size)}: ${file}`;

const diskOf = ({disk}: Recipe): string =>
	disk === undefined
		? 'none: a kernel and its ramdisk'
		: `${disk.sizeMiB} MiB, ${disk.filesystem}, ${layouts[disk.layout]}`;

const layouts = {
	mbr: 'MBR, started by a BIOS',
	'gpt-uefi': 'GUID partition table, started by UEFI',
	'gpt-both': 'GUID partition table, started by a BIOS or UEFI',
} as const;

const wayIn = ({access}: Recipe): string => {
	switch (access.access) {
		case 'shell': {
			return 'shell: there is one on ttyS1 at once';
		}

		case 'credentials': {
			return `credentials: ${access.user}`;
		}

		case 'inject': {
			return 'inject: nobody can log in';
		}

		case 'metadata': {
			return 'metadata: an agent runs what the metadata server gives it';
		}
	}
};
