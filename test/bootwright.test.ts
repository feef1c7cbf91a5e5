import {once} from 'node:events';
import {copyFile, mkdir, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import tmp from 'tmp-promise';

/** A Node of the host that is older than the project's, where there is one. */
const olderNode = await (async () => {
	const found = await execa('sh', ['-c', 'command -v -p node'], {reject: false});
	const version = await execa(found.stdout || 'false', ['--version'], {reject: false});
	return /^v(1[6-9]|2[0-3])\./.test(version.stdout) ? found.stdout : undefined;
})();

const withOlderNode = olderNode === undefined ? test.skip : test;

/** bootwright.js beside a program of the test's own. */
const start = async (t: ExecutionContext, {program, install = true}: {program: string; install?: boolean}) => {
	const {path: root, cleanup} = await tmp.dir({unsafeCleanup: true});
	t.teardown(cleanup);
	await mkdir(path.join(root, 'harness'));
	await copyFile(new URL('../harness/bootwright.js', import.meta.url), path.join(root, 'harness/bootwright.js'));
	await writeFile(path.join(root, 'harness/cli.ts'), program);
	await writeFile(path.join(root, 'package.json'), '{"type": "module"}');
	if (install) {
		await symlink(path.resolve(import.meta.dirname, '../node_modules'), path.join(root, 'node_modules'));
	}

	const child = execa(olderNode ?? process.execPath, [path.join(root, 'harness/bootwright.js'), 'one', 'two words'], {
		reject: false,
		cleanup: false,
	});
	// Not the promise itself, which `await start` would wait for.
	return {child};
};

withOlderNode('the exit code, the arguments and the output are those of the program', async (t) => {
	const {child} = await start(t, {
		program: 'process.exitCode = 3; console.log(process.versions.node.split(".")[0], ...process.argv.slice(2));',
	});
	const {exitCode, stdout} = await child;
	t.is(exitCode, 3);
	t.is(stdout, '24 one two words');
});

const waiting = `
	const stop = (word: string) => { console.log(word); process.exit(7); };
	process.on('SIGTERM', () => stop('told to end'));
	process.on('disconnect', () => stop('left alone'));
	setInterval(() => undefined, 1000);
	console.log(process.pid);
`;

withOlderNode('a signal is passed on, once, and the program decides about the exit code', async (t) => {
	const {child} = await start(t, {program: waiting});
	await once(child.stdout, 'data');
	child.kill('SIGTERM');
	const {exitCode, stdout} = await child;
	t.is(exitCode, 7);
	t.is(stdout.split('\n').slice(1).join(','), 'told to end');
});

withOlderNode('a program that a signal ended takes the older Node with it', async (t) => {
	const {child} = await start(t, {program: waiting});
	const [pid] = (await once(child.stdout, 'data')) as [Buffer];
	process.kill(Number(pid.toString()), 'SIGKILL');
	const {signal} = await child;
	t.is(signal, 'SIGKILL');
});

withOlderNode('when the older Node is killed outright, the program hears of it', async (t) => {
	const {child} = await start(t, {program: waiting});
	await once(child.stdout, 'data');
	child.kill('SIGKILL');
	const {stdout} = await child;
	t.is(stdout.split('\n').slice(1).join(','), 'left alone');
});

withOlderNode("without the project's own Node it says what to do", async (t) => {
	const {child} = await start(t, {program: '', install: false});
	const {exitCode, stderr} = await child;
	t.is(exitCode, 4);
	t.regex(
		stderr,
		/^bootwright: needs Node 24 or later, this is \d+\.\d+\.\d+, and the project's own is not installed\.\n {2}Run "make setup" in the clone\.$/,
	);
});
