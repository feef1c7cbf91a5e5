import {existsSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {parse} from 'yaml';
import {createProgram} from '../../harness/commands/definitions.ts';
import {commandLines} from './_command-lines.ts';
import {read, root} from './_files.ts';

const files = [
	'action.yml',
	'ci/github/nightly.yml',
	'ci/gitlab/.gitlab-ci.yml',
	'ci/kubernetes/images.yaml',
	'ci/kubernetes/job.yaml',
	'ci/kubernetes/workers.yaml',
] as const;

/** Every text of a YAML file that a shell runs. */
const scriptsOf = (node: unknown): readonly string[] =>
	Array.isArray(node)
		? node.flatMap((child) => scriptsOf(child))
		: typeof node === 'object' && node !== null
			? Object.entries(node).flatMap(([key, value]) =>
					['run', 'script', 'args'].includes(key) ? texts(value) : scriptsOf(value),
				)
			: [];
const texts = (value: unknown): readonly string[] =>
	[value].flat().filter((text): text is string => typeof text === 'string');

const fenced = (markdown: string): readonly string[] =>
	markdown
		.matchAll(/^```(sh|yaml)\n(.*?)^```/gms)
		.flatMap(([, language, text = '']) => (language === 'yaml' ? scriptsOf(parse(text)) : [text]))
		.toArray();

const scripts = await Promise.all(files.map(async (file) => ({file, of: scriptsOf(parse(await read(file)))})));
const documents = ['docs/ci.md', 'docs/scale.md', 'docs/queue.md'].filter((file) => existsSync(path.join(root, file)));
const examples = await Promise.all(documents.map(async (file) => ({file, of: fenced(await read(file))})));
const lines = [...scripts, ...examples].flatMap(({file, of}) =>
	of.flatMap((script) => commandLines(script)).map((words) => ({file, words})),
);

const everything = await Promise.all(
	[...files, 'ci/container/Containerfile', ...documents].map(async (file) => read(file)),
);

const commands = new Set(createProgram('0', async () => undefined).commands.map((command) => command.name()));

/** Throws what the program itself would say against a command line; runs nothing. */
const parseLine = async (words: readonly string[]): Promise<string> => {
	let chosen = '';
	const program = createProgram('0', async () => void (chosen = words[0]!));
	for (const command of [program, ...program.commands, ...program.commands.flatMap((one) => one.commands)]) {
		command.exitOverride().configureOutput({writeErr: () => undefined, outputError: () => undefined});
	}

	await program.parseAsync(['node', 'bootwright', ...words]);
	return chosen;
};

test('command lines are found', (t) => {
	t.deepEqual(commandLines('npx bootwright matrix a --shard "$((I + 1))/$N" \\\n  --artifacts "b c" || code=$?'), [
		['matrix', 'a', '--shard', '1/1', '--artifacts', 'b c'],
	]);
	t.deepEqual(commandLines('cd x && node "$P/harness/bootwright.js" test "${words[@]}" >log # bootwright no'), [
		['test'],
	]);
	t.deepEqual(commandLines('make images\npodman build -t bootwright:1 .'), []);
	for (const {file} of scripts) {
		t.true(
			lines.some((line) => line.file === file),
			file,
		);
	}
});

/** `matrix` and `merge` are read as soon as the program has them. */
for (const {file, words} of lines) {
	const name = words[0] ?? '';
	const known = commands.has(name) || !['matrix', 'merge'].includes(name);
	(known ? test : test.skip)(`${file}: bootwright ${words.join(' ')}`, async (t) => {
		t.is(await parseLine(words), name);
	});
}

test('each service builds images and test kernels before the shards, which have them all', (t) => {
	for (const file of ['ci/github/nightly.yml', 'ci/gitlab/.gitlab-ci.yml', 'ci/kubernetes/images.yaml']) {
		const scripts = everything[files.indexOf(file as (typeof files)[number])] ?? '';
		t.regex(scripts, /(?:make images|bootwright images build)\b(?! \w)/, file);
		t.regex(scripts, /bootwright images kernels\s*$/m, file);
	}
});

test('what the program does not know is refused', async (t) => {
	await t.throwsAsync(parseLine(['test', '--shards', '1/2']), {message: /unknown option '--shards'/});
	await t.throwsAsync(parseLine(['tset']), {message: /unknown command 'tset'/});
});

test('targets of make are in the Makefile', async (t) => {
	const makefile = await read('Makefile');
	const targets = everything.flatMap((text) =>
		text
			.matchAll(/(?:^|`|run: )make ([a-z-]+)/gm)
			.map(([, target]) => target!)
			.toArray(),
	);
	t.true(targets.includes('images'));
	t.deepEqual(
		targets.filter((target) => !new RegExp(`^${target}:`, 'm').test(makefile)),
		[],
	);
});

test('files of the repository are there', (t) => {
	const named = everything.flatMap((text) => [
		...(text.match(/(?<![\w./-])(?:ci|docs|harness|images|qemu-profiles|test)\/[\w./-]*\w/g) ?? []),
		...(text.match(/(?<![\w./-])(?:nightly\.yaml|package-lock\.json|Makefile|action\.yml)(?!\w)/g) ?? []),
	]);
	t.true(named.length > 10);
	t.deepEqual(
		named.filter((file) => !existsSync(path.join(root, file)) && (file !== 'nightly.yaml' || commands.has('matrix'))),
		[],
	);
});

test('the container is Debian 12, set up by the script of the project', async (t) => {
	const recipe = await read('ci/container/Containerfile');
	t.deepEqual(recipe.match(/^FROM .*$/gm), ['FROM debian:12']);
	t.regex(recipe, /^RUN \/opt\/bootwright\/harness\/setup\/setup\.sh run /m);
	t.regex(await read('.dockerignore'), /^node_modules$/m);
});
