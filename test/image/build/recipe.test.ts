import {access} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {UsageError} from '../../../harness/core/errors.ts';
import {imageNames, loadRecipe, loadTree, namedFiles, recipesDirectory} from '../../../harness/image/build/recipe.ts';

test('every recipe is valid, and every file that it names is there', async (t) => {
	t.deepEqual(imageNames(), [
		'appliance',
		'debian-12',
		'debian-12-btrfs',
		'debian-12-cloud-init',
		'debian-12-generic',
		'debian-12-gpt',
		'debian-12-plain',
		'debian-12-ssh',
		'debian-12-sysvinit',
		'debian-12-uefi',
		'debian-12-xfs',
		'debian-13',
		'probe',
		'probe-686-pae',
	]);
	for (const name of imageNames()) {
		const recipe = loadRecipe(name);
		const early = Object.values(loadTree(recipe.tree).early);
		for (const file of [...namedFiles(recipe), ...early]) {
			await t.notThrowsAsync(access(path.join(recipesDirectory, file)), file);
		}
	}
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
