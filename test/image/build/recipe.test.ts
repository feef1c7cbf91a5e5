import {access, readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {UsageError} from '../../../harness/core/errors.ts';
import {inByteOrder} from '../../../harness/image/build/in-byte-order.ts';
import {
	imageNames,
	loadRecipe,
	loadTree,
	namedFiles,
	parseRecipe,
	recipesDirectory,
} from '../../../harness/image/build/recipe.ts';

test('every recipe is valid, and every file that it names is there', async (t) => {
	for (const name of imageNames()) {
		const recipe = loadRecipe(name);
		const early = Object.values(loadTree(recipe.tree).early);
		for (const file of [...namedFiles(recipe), ...early]) {
			await t.notThrowsAsync(access(path.join(recipesDirectory, file)), file);
		}
	}
});

test('a recipe in which something is wrong is the fault of who wrote it', (t) => {
	const text = `title: x
kind: disk
tree: debian-12
access: {access: metadata}
append: console=ttyS0
disk: {sizeMiB: 1024, uuid: 3e1f6a0c-5b64-4c1d-8d57-9a1b0c2d12e9, diskId: 8f1c2a49}
files: {etc/hostname: debian-12/hostname}
`;
	const wrong = (from: string, to: string) =>
		t.throws(
			() =>
				parseRecipe(
					text.replace(from, () => to),
					'x/recipe.yaml',
				),
			{instanceOf: UsageError},
		).message;
	t.is(parseRecipe(text, 'x/recipe.yaml').tree, 'debian-12');
	t.is(
		wrong('tree: debian-12', 'tree: debian-1'),
		'images/x/recipe.yaml: there is no tree "debian-1". Did you mean "debian-12", "debian-13" or "debian-12-ssh"?',
	);
	t.is(wrong('debian-12/hostname', 'x/name'), 'images/x/recipe.yaml names images/x/name, which is not there');
	t.is(wrong('title', 'titel: y\ntitle'), 'images/x/recipe.yaml: ✖ Unrecognized key: "titel"');
	t.is(
		wrong('{access: metadata}', '[metadata'),
		'images/x/recipe.yaml is no YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 5, column 1:',
	);
});

test('the documents have every image, and no other', async (t) => {
	const page = await readFile(path.join(recipesDirectory, '../docs/reference-images.md'), 'utf8');
	const [, table = ''] = /^\| name .*\n(?<rows>(?:\|.*\n)+)/mv.exec(page) ?? [];
	const named = table.split('\n').flatMap((row) => row.split('|')[1]?.match(/(?<=`)[\w\-]+(?=`)/gv) ?? []);
	t.deepEqual(named.toSorted(inByteOrder), imageNames());
});

test('disks can be told apart', (t) => {
	const disks = imageNames().flatMap((name) => loadRecipe(name).disk ?? []);
	t.true(disks.length > 0);
	t.is(new Set(disks.map(({uuid}) => uuid)).size, disks.length);
	t.is(new Set(disks.map(({diskId}) => diskId)).size, disks.length);
});

test('the plain image has the packages and files of the hardened one, and not one sysctl', (t) => {
	const [plain, hardened] = [loadRecipe('debian-12-plain'), loadRecipe('debian-12')];
	t.is(plain.tree, hardened.tree);
	t.is(plain.append, hardened.append);
	t.deepEqual(
		namedFiles(plain).filter((file) => file.includes('sysctl')),
		[],
	);
	t.deepEqual(
		namedFiles(hardened).filter((file) => !namedFiles(plain).includes(file)),
		['shared/security-sysctls.conf', 'debian-12/interface-sysctls.conf'],
	);
});

test('an unknown name is answered with the nearest and all of them', (t) => {
	t.throws(() => loadRecipe('debian12'), {
		instanceOf: UsageError,
		message: 'There is no image "debian12". Did you mean "debian-12" or "debian-13"?',
	});
	t.throws(() => loadRecipe('../shared'), {message: 'There is no image "../shared".'});
	t.throws(() => loadRecipe('trees'), {instanceOf: UsageError});
});
