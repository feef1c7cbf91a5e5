import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';

const root = path.resolve(import.meta.dirname, '..');
const entry = path.join(root, 'harness/bootwright.js');
const bootwright = async (args: readonly string[], options: {cwd?: string; env?: Record<string, string>} = {}) =>
	execa(process.execPath, [entry, ...args], {reject: false, ...options});

test('--help and --version are answers, not errors', async (t) => {
	const help = await bootwright(['--help']);
	t.is(help.exitCode, 0);
	t.true(help.stdout.startsWith('Usage: bootwright [options] [command]'));
	t.is(help.stderr, '');
	for (const command of [
		'test',
		'list',
		'explain',
		'check-config',
		'compare',
		'history',
		'console',
		'mutants',
		'images',
		'doctor',
		'worker',
		'queue',
	]) {
		t.regex(help.stdout, new RegExp(`^  ${command} `, 'm'));
	}

	const version = await bootwright(['--version']);
	t.regex(version.stdout, /^\d+\.\d+\.\d+$/);
	t.is(version.exitCode, 0);
});

const wrong: ReadonlyArray<readonly [args: readonly string[], message: string]> = [
	[['test', '--acel', 'tcg'], "bootwright: unknown option '--acel'\n  Did you mean --accel?"],
	[['explian'], "bootwright: unknown command 'explian'\n  Did you mean explain?"],
	[['explain'], 'bootwright: missing required argument \'id\'\n  See "bootwright --help".'],
	[
		['test', '--accel', 'hvf'],
		"bootwright: option '--accel <which>' argument 'hvf' is invalid. Allowed choices are auto, kvm, tcg.\n  See \"bootwright --help\".",
	],
	[
		['test', '--timeout', '-1'],
		"bootwright: option '--timeout <seconds>' argument '-1' is invalid. It must be a number above 0.\n  See \"bootwright --help\".",
	],
	[['zzzzzzzz'], 'bootwright: unknown command \'zzzzzzzz\'\n  See "bootwright --help".'],
	[['test', '--password', 'x'], 'bootwright: unknown option \'--password\'\n  See "bootwright --help".'],
];

for (const [args, message] of wrong) {
	test(`usage error: ${args.join(' ')}`, async (t) => {
		const {exitCode, stderr, stdout} = await bootwright(args);
		t.is(stderr, message);
		t.is(stdout, '');
		t.is(exitCode, 2);
	});
}

test('no command at all: help on standard error', async (t) => {
	const {exitCode, stderr} = await bootwright([]);
	t.true(stderr.startsWith('Usage: bootwright'));
	t.is(exitCode, 2);
});

test('a reader that has seen enough is no error', async (t) => {
	const {exitCode, stderr} = await execa(
		'sh',
		['-c', '{ "$0" "$1" list --json; echo "exit code $?" >&2; } | head -c 1 >/dev/null', process.execPath, entry],
		{reject: false},
	);
	t.is(exitCode, 0);
	t.is(stderr, 'exit code 0');
});

test('what cannot be written is an error of the host, however short it is', async (t) => {
	for (const args of [['--help'], ['list', 'scenarios'], ['completion', 'bash']]) {
		const {exitCode, stderr} = await execa(
			'sh',
			['-c', 'exec "$0" "$@" >/dev/full', process.execPath, entry, ...args],
			{
				reject: false,
			},
		);
		t.is(exitCode, 4, args.join(' '));
		t.regex(stderr, /^bootwright: Cannot write output: ENOSPC: no space left on device/v);
	}
});

test('under npm run, relative paths are meant from where the person stood', async (t) => {
	const env = {npm_lifecycle_event: 'bootwright', INIT_CWD: path.join(root, 'test')};
	const there = await bootwright(['check-config', 'cli.test.ts'], {cwd: root, env});
	t.false(there.stderr.includes('no such file'), there.stderr);
	const elsewhere = await bootwright(['check-config', 'cli.test.ts'], {cwd: root});
	t.is(elsewhere.exitCode, 2);
});
