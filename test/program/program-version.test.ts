import {appendFile, cp, mkdir, rm, utimes, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {dir} from 'tmp-promise';
import {programVersion} from '../../harness/program/program-version.ts';

const root = path.resolve(import.meta.dirname, '../..');
const parts = ['harness', 'scenarios', 'qemu-profiles', 'images', 'package.json'];

/** Another checkout of this program: elsewhere, of another time, without packages. */
const checkout = async (t: ExecutionContext): Promise<string> => {
	const {path: place, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	for (const part of parts) {
		await cp(path.join(root, part), path.join(place, part), {recursive: true});
	}

	return place;
};

const versionOf = async (place: string): Promise<string> => {
	const module = path.join(place, 'harness/program/program-version.ts');
	const script = `const {programVersion} = await import(${JSON.stringify(module)}); console.log(programVersion());`;
	return (await execa(process.execPath, ['--input-type=module', '--eval', script])).stdout;
};

test('one checkout is one version, wherever and whenever it was made', async (t) => {
	t.regex(programVersion(), /^\d+\.\d+\.\d+\+[\da-f]{8}$/v);
	const place = await checkout(t);
	await utimes(path.join(place, 'scenarios/pci.ts'), 1, 1);
	await writeFile(path.join(place, 'scenarios/.pci.ts.swp'), 'an editor');
	await writeFile(path.join(place, 'images/own.raw'), 'a disk');
	await mkdir(path.join(place, 'node_modules'));
	await writeFile(path.join(place, 'node_modules/x.js'), '');
	t.is(await versionOf(place), programVersion());
});

test('any change of what verdicts come from is another version', async (t) => {
	const place = await checkout(t);
	const seen = new Set([await versionOf(place)]);
	for (const file of ['scenarios/pci.ts', 'qemu-profiles/gce.yaml', 'images/debian-12/recipe.yaml', 'harness/cli.ts']) {
		await appendFile(path.join(place, file), '\n');
		seen.add(await versionOf(place));
	}

	await rm(path.join(place, 'scenarios/uart.ts'));
	seen.add(await versionOf(place));
	t.is(seen.size, 6);
});
