import {chmod, cp, mkdir, readFile, symlink, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {execa} from 'execa';
import tmp from 'tmp-promise';

/** A Debian-like system made of a few programs that answer from files, with a clone of the project's set-up in it. */
export type System = {
	/** os-release, apt's sources by file name, and what apt knows. */
	readonly codename?: string;
	readonly sources?: Readonly<Record<string, string>>;
	/** Candidate of qemu-system-x86, as `apt-cache policy` prints it. */
	readonly candidate?: string;
	/** Lines of `apt-cache madison`, and those that come with backports that were enabled and fetched. */
	readonly madison?: string;
	readonly madisonBackports?: string;
	/** `URI RELEASE COMPONENT ORIGIN`, one a line. */
	readonly targets?: string;
	/** Installed packages with their versions; by default everything but QEMU. */
	readonly installed?: Readonly<Record<string, string>>;
	/** How often `apt-get install` and `apt-get update` fail at first, with these words. */
	readonly installFails?: string;
	readonly updateFails?: string;
	/** Programs that the system does not have. */
	readonly without?: readonly string[];
	readonly uid?: number;
	/** npm packages are there already. */
	readonly npmDone?: boolean;
};

export type Outcome = {
	readonly exitCode: number | undefined;
	readonly stdout: string;
	readonly stderr: string;
	/** What was run that changes the system. */
	readonly calls: readonly string[];
	readonly added: Readonly<Record<string, string>>;
};

const setup = path.resolve(import.meta.dirname, '../../harness/setup');

/** Of the real system; everything else the script calls is a fake. */
const real = [
	'sh',
	'awk',
	'sed',
	'grep',
	'mktemp',
	'rm',
	'cat',
	'tr',
	'tail',
	'dirname',
	'env',
	'dpkg',
	'install',
	'touch',
	'seq',
];

const packages = [
	'mmdebstrap',
	'uidmap',
	'debian-archive-keyring',
	'util-linux',
	'iproute2',
	'ovmf',
	'dnsmasq-base',
	'openssh-client',
	'pigz',
	'g++',
	'make',
	'python3',
];

export const everythingButQemu: Readonly<Record<string, string>> = Object.fromEntries(
	packages.map((name) => [name, '1.0-1']),
);

const log = 'echo "${0##*/} $*" >>"$FAKE/calls"';

/** Says `$1`.words and fails while `$1`.fails holds lines, one less each time. */
const failing = (what: string): string =>
	`if [ -s "$FAKE/${what}" ]; then cat "$FAKE/${what}" >&2; : >"$FAKE/${what}"; exit 100; fi`;

const programs: Readonly<Record<string, string>> = {
	'dpkg-query': 'cat "$FAKE/installed"',
	'apt-cache': [
		'case $1 in',
		'policy) printf "qemu-system-x86:\\n  Installed: (none)\\n  Candidate: %s\\n" "$(cat "$FAKE/candidate")" ;;',
		'madison) cat "$FAKE/madison"; ! [ -e "$FAKE/fetched" ] || cat "$FAKE/madison.backports" ;;',
		'esac',
	].join('\n'),
	'apt-get': [
		'case " $* " in',
		'*" indextargets "*) cat "$FAKE/targets" ;;',
		`*" update "*) ${log}; ${failing('update-fails')}; ! [ -e /etc/apt/sources.list.d/bootwright-backports.* ] || : >"$FAKE/fetched" ;;`,
		`*" install "*) ${log}; ${failing('install-fails')} ;;`,
		'esac',
	].join('\n'),
	sudo: `${log}\nexec "$@"`,
	sleep: log,
	npm: `${log}\n[ "$2" != rebuild ] || exit 0`,
	node: 'echo v20.0.0',
};

export const setUp = async (
	t: ExecutionContext,
	system: System,
	args: readonly string[] = ['run'],
): Promise<Outcome> => {
	const {path: directory, cleanup} = await tmp.dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const at = (name: string): string => path.join(directory, name);
	await Promise.all(
		['bin', 'fake', 'etc/apt/sources.list.d', 'clone'].map(async (name) => mkdir(at(name), {recursive: true})),
	);
	await cp(setup, at('clone/harness/setup'), {recursive: true});
	await writePrograms(at('bin'), system);
	await writeAnswers(at('fake'), system);
	await writeClone(at('clone'), system);
	await writeFile(at('etc/os-release'), `PRETTY_NAME="Test"\nVERSION_CODENAME=${system.codename ?? 'bookworm'}\n`);
	const {sources = {}} = system;
	for (const [name, text] of Object.entries(sources)) {
		await writeFile(at(path.join('etc/apt', name)), text);
	}

	const {exitCode, stdout, stderr} = await inNamespace(
		[
			`mount --bind ${at('etc/apt')} /etc/apt`,
			`mount --bind ${at('etc/os-release')} /etc/os-release`,
			`PATH=${at('bin')} FAKE=${at('fake')} TMPDIR=${directory} exec ${at('bin/sh')} ${at('clone/harness/setup/setup.sh')} ${args.join(' ')}`,
		].join(' && '),
	);
	const calls = await readFile(at('fake/calls'), 'utf8').catch(() => '');
	const added = ['bootwright-backports.sources', 'bootwright-backports.list'];
	const files = await Promise.all(
		added.map(async (name) => [name, await readFile(at(`etc/apt/sources.list.d/${name}`), 'utf8').catch(() => '')]),
	);
	return {
		exitCode,
		stdout,
		stderr: stderr.replaceAll(directory, ''),
		calls: calls.split('\n').filter((line) => line !== ''),
		added: Object.fromEntries(files.filter(([, text]) => text !== '')) as Record<string, string>,
	};
};

/** In a mount namespace of its own the test's /etc/apt is the system's, and nothing outside sees it. */
const inNamespace = async (command: string) =>
	execa(
		'unshare',
		[...(os.userInfo().uid === 0 ? [] : ['--user', '--map-root-user']), '--mount', 'sh', '-c', command],
		{
			reject: false,
			stdin: 'ignore',
		},
	);

/** Some hosts keep namespaces from ordinary users. */
export const canPretend = async (): Promise<boolean> => (await inNamespace('mount --bind /etc /etc')).exitCode === 0;

const writePrograms = async (bin: string, {without = [], uid = 0}: System): Promise<void> => {
	const fakes = {...programs, id: `echo ${uid}`};
	for (const [name, text] of Object.entries(fakes)) {
		if (!without.includes(name)) {
			await writeFile(path.join(bin, name), `#!/bin/sh\n${text}\n`);
			await chmod(path.join(bin, name), 0o755);
		}
	}

	const {stdout} = await execa('sh', ['-c', 'for p; do command -v "$p"; done', 'sh', ...real]);
	for (const file of stdout.split('\n')) {
		await symlink(file, path.join(bin, path.basename(file)));
	}
};

const writeAnswers = async (fake: string, system: System): Promise<void> => {
	const {installed = everythingButQemu, madison = ''} = system;
	const answers = {
		installed: Object.entries(installed)
			.map(([name, version]) => `${name} installed ${version}\n`)
			.join(''),
		candidate: system.candidate ?? '(none)',
		madison,
		'madison.backports': system.madisonBackports ?? '',
		targets: system.targets ?? '',
		'install-fails': system.installFails ?? '',
		'update-fails': system.updateFails ?? '',
	};
	for (const [name, text] of Object.entries(answers)) {
		await writeFile(path.join(fake, name), text);
	}
};

const writeClone = async (clone: string, {npmDone = true}: System): Promise<void> => {
	await writeFile(path.join(clone, 'package-lock.json'), '{}');
	if (npmDone) {
		await mkdir(path.join(clone, 'node_modules/node/bin'), {recursive: true});
		await writeFile(path.join(clone, 'node_modules/node/bin/node'), '#!/bin/sh\n');
		await chmod(path.join(clone, 'node_modules/node/bin/node'), 0o755);
		await writeFile(path.join(clone, 'node_modules/.bootwright-setup'), '');
	}
};
