import {cp, mkdir, readFile, readdir, stat, symlink, truncate, utimes, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import tmp from 'tmp-promise';
import {wallClockMs} from '../../harness/core/clock.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** A program of the test's own, whose sources may be changed, and a cache of its own. */
const ownProgram = async (t: ExecutionContext) => {
	const {path: folder, cleanup} = await tmp.dir({unsafeCleanup: true});
	t.teardown(cleanup);
	for (const part of ['harness', 'scenarios', 'package.json', 'package-lock.json']) {
		await cp(path.join(root, part), path.join(folder, part), {recursive: true});
	}

	await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
	const cache = path.join(folder, 'cache');
	const compiled = path.join(cache, 'bootwright/compiled');
	return {
		folder,
		compiled,
		run: async (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
			execa(process.execPath, [path.join(folder, 'harness/bootwright.js'), ...args], {
				env: {XDG_CACHE_HOME: cache, ...env},
				reject: false,
			}),
		programs: async () => (await readdir(compiled)).filter((name) => name.startsWith('program-')),
	};
};

test('it is compiled once, and again when a source changes', async (t) => {
	const {folder, run, programs} = await ownProgram(t);
	const {stdout, exitCode} = await run(['--version']);
	t.is(exitCode, 0);
	const first = await programs();
	t.is(first.length, 1);
	t.is((await run(['--version'])).stdout, stdout);
	t.deepEqual(await programs(), first);

	const source = path.join(folder, 'harness/commands/list.ts');
	await writeFile(
		source,
		(await readFile(source, 'utf8')).replace('export const run', "console.log('changed');\nexport const run"),
	);
	t.regex((await run(['list', 'scenarios'])).stdout, /^changed\n/);
	t.is((await programs()).length, 2);
});

test('scenarios share the modules of the program, and files are found beside the sources', async (t) => {
	const {folder, compiled, run, programs} = await ownProgram(t);
	const index = path.join(folder, 'harness/index.ts');
	const own = path.join(folder, 'own.ts');
	await writeFile(
		own,
		`import {scenario} from ${JSON.stringify(index)};
console.log('index: ' + import.meta.resolve(${JSON.stringify(index)}));
export default scenario({id: 'own', title: 'Own', proves: ['custom.own'], needsGuest: false, async run() {}});`,
	);
	const {stdout, stderr} = await run([
		'test',
		'--dry-run',
		'--scenario',
		own,
		'--only',
		'custom.own',
		path.join(folder, 'none.raw'),
	]);
	const [program = ''] = await programs();
	t.true(stdout.includes(`index: file://${compiled}/${program}/index.js`), stdout + stderr);
	// The profile was read, from where it is: what is missing is the image.
	t.regex(stderr, /qemu-profiles/);
});

test('without a place for it, or with a damaged one, the sources run', async (t) => {
	const {compiled, run, programs} = await ownProgram(t);
	const {stdout} = await run(['--version'], {XDG_CACHE_HOME: '/proc'});
	t.regex(stdout, /^\d+\.\d+\.\d+$/);
	await run(['--version']);
	const [program = ''] = await programs();
	const file = path.join(compiled, program, 'cli.js');
	const code = await readFile(file, 'utf8');
	// Not between two statements: the first half would be a program of its own.
	await truncate(file, code.indexOf('(', 5000) + 1);
	t.is((await run(['--version'])).stdout, stdout);
});

test('old ones go away, but for the latest and those that were started lately', async (t) => {
	const {compiled, run, programs} = await ownProgram(t);
	const put = async (number: number, seconds: number): Promise<void> => {
		const place = path.join(compiled, `program-${number}`);
		await mkdir(place, {recursive: true});
		await utimes(place, seconds, seconds);
	};
	for (let number = 10; number < 35; number++) {
		await put(number, number);
	}

	for (let number = 100; number < 110; number++) {
		await put(number, wallClockMs() / 1000 - 3600);
	}

	await run(['--version']);
	const left = await programs();
	// Itself, ten of the last hour, and the latest nine of the others.
	t.is(left.length, 20);
	t.true(left.includes('program-100') && left.includes('program-34') && left.includes('program-26'));
	t.false(left.includes('program-25'));
	// A start makes it one of the last hour's.
	const own = left.find((name) => name.length > 20) ?? '';
	await utimes(path.join(compiled, own), 1, 1);
	await run(['--version']);
	t.true((await stat(path.join(compiled, own))).mtimeMs > wallClockMs() - 3_600_000);
});
