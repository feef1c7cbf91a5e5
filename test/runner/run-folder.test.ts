import {existsSync, statSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {openRunFolder} from '../../harness/runner/run-folder.ts';

test('it is its owner’s alone, and gone at the end with all that is in it', async (t) => {
	let seen: string;
	{
		await using folder = await openRunFolder();
		seen = folder.path;
		t.is(statSync(seen).mode & 0o777, 0o700);
		await writeFile(path.join(seen, 'overlay.qcow2'), 'x');
	}

	t.false(existsSync(seen));
});

test('it goes away when the program is killed outright', async (t) => {
	const module = path.resolve(import.meta.dirname, '../../harness/runner/run-folder.ts');
	const program = `import {openRunFolder} from ${JSON.stringify(module)};
const folder = await openRunFolder();
console.log(folder.path);
setInterval(() => undefined, 1000);`;
	const child = execa(process.execPath, ['--input-type=module-typescript', '--eval', program], {reject: false});
	const line = await new Promise<string>((resolve) => child.stdout.once('data', (bytes) => resolve(String(bytes))));
	const folder = line.trim();
	t.true(existsSync(folder));
	child.kill('SIGKILL');
	await child;
	const until = performance.now() + 5000;
	while (existsSync(folder) && performance.now() < until) {
		await new Promise((resolve) => setImmediate(resolve));
	}

	t.false(existsSync(folder));
});

test('a place that cannot be written to', async (t) => {
	const module = path.resolve(import.meta.dirname, '../../harness/runner/run-folder.ts');
	const program = `import {openRunFolder} from ${JSON.stringify(module)};
await openRunFolder().catch((error) => console.log(error.code, error.message));`;
	const {stdout} = await execa(process.execPath, ['--input-type=module-typescript', '--eval', program], {
		env: {TMPDIR: '/nonexistent'},
	});
	t.regex(stdout, /^host Cannot make a folder for the run in \/nonexistent: /);
});
