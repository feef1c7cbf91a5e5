import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import test from 'ava';
import {execa} from 'execa';
import {dir} from 'tmp-promise';
import {baseConfigs, withLines} from '../../harness/policy/base-configs.ts';

const program = path.resolve(import.meta.dirname, '../../harness/bootwright.js');
const hint = '  Give the .config of a build, /boot/config-* of an image, or /proc/config.gz of a running kernel.';
const text = baseConfigs().get('debian-6.1-cloud') ?? '';
const allBuiltIn = withLines(text, {VIRTIO_PCI: 'y', SCSI_VIRTIO: 'y', VIRTIO_NET: 'y'});

const {path: directory, cleanup} = await dir({unsafeCleanup: true});
test.after.always(async () => cleanup());

const check = async (name: string, content: string | Buffer | undefined, ...options: readonly string[]) => {
	const file = path.join(directory, name);
	if (content !== undefined) {
		await writeFile(file, content);
	}

	return execa(process.execPath, [program, 'check-config', file, ...options], {reject: false, env: {NO_COLOR: '1'}});
};

test('a good configuration: one line a group, and 0', async (t) => {
	const {stdout, exitCode, stderr} = await check('good', allBuiltIn);
	t.is(
		stdout,
		['Linux 6.1.176', '', '✔ Kernel options, required    6 passed', '✔ Kernel options, security    12 passed'].join(
			'\n',
		),
	);
	t.deepEqual([exitCode, stderr], [0, '']);
	t.is((await check('good.gz', gzipSync(Buffer.from(allBuiltIn)))).stdout, stdout);
});

test('modules warn; --strict makes them fail', async (t) => {
	const {stdout, exitCode} = await check('modules', text);
	t.is(exitCode, 0);
	t.true(stdout.includes('⚠ Kernel options, required    3 passed, 3 warned\n'));
	t.true(stdout.includes('    CONFIG_SCSI_VIRTIO=m: needs the initramfs; prove it with `test`\n'));
	const strict = await check('modules', text, '--strict');
	t.is(strict.exitCode, 1);
	t.true(strict.stdout.includes('    warn, which --strict makes a fail: CONFIG_SCSI_VIRTIO=m'));
});

test('an option that is wrong: evidence, how to mend it, and 1', async (t) => {
	const {stdout, exitCode} = await check('wrong', withLines(allBuiltIn, {SYN_COOKIES: 'n'}));
	t.is(exitCode, 1);
	t.true(
		stdout.endsWith(`✖ kernel.SYN_COOKIES · CONFIG_SYN_COOKIES=y
    CONFIG_SYN_COOKIES is not set, required y
    ✖ guest CONFIG_SYN_COOKIES: not set, required y
    fix  Set CONFIG_SYN_COOKIES=y in the kernel's .config, run "make
         olddefconfig", build, install.`),
	);
});

test('--json has the rows as a result file has them', async (t) => {
	const {stdout, exitCode} = await check('json', withLines(allBuiltIn, {PCI_MSI: 'n'}), '--json');
	t.is(exitCode, 1);
	const result = JSON.parse(stdout) as {config: object; requirements: ReadonlyArray<{id: string; verdict: string}>};
	t.deepEqual(result.config, {file: path.join(directory, 'json'), release: '6.1.176', architecture: 'x86'});
	t.is(result.requirements.length, 18);
	t.deepEqual(
		result.requirements.filter(({verdict}) => verdict !== 'pass'),
		[
			{
				id: 'kernel.PCI_MSI',
				verdict: 'fail',
				scenario: 'kernel',
				reason: 'CONFIG_PCI_MSI is not set, required y',
				evidence: [{side: 'guest', what: 'CONFIG_PCI_MSI', expected: 'y', observed: 'not set', holds: false}],
			},
		] as never,
	);
});

test('a file that tells too little of its version: the row is an error, and 4', async (t) => {
	const {stdout, exitCode} = await check('bare', 'CONFIG_X86=y\nCONFIG_KVM_GUEST=y\n');
	t.is(exitCode, 4);
	t.true(stdout.startsWith('Linux, version unknown\n'));
	t.true(stdout.includes('‼ kernel.KVM_CLOCK'));
});

const noConfiguration: ReadonlyArray<readonly [name: string, content: string | Buffer | undefined, message: string]> = [
	['missing', undefined, "Cannot read the kernel configuration FILE: ENOENT: no such file or directory, open 'FILE'"],
	['text', 'hello\n', 'FILE: not a kernel configuration: no line "CONFIG_…=" or "# CONFIG_… is not set" in it'],
	['empty', '', 'FILE: not a kernel configuration: no line "CONFIG_…=" or "# CONFIG_… is not set" in it'],
	[
		'broken.gz',
		Buffer.from('1f8b0800', 'hex'),
		'FILE: not a kernel configuration: it looks like gzip and cannot be unpacked: unexpected end of file',
	],
	['huge', Buffer.alloc(5 * 1024 * 1024, 'CONFIG_X=y\n'), 'FILE is larger than any kernel configuration'],
	[
		'arm',
		'# Linux/arm64 6.1.0 Kernel Configuration\nCONFIG_ARM64=y\n',
		'FILE cannot be judged: it is for arm64, and the machine is an x86',
	],
	[
		'defconfig',
		'CONFIG_KVM_GUEST=y\n',
		'FILE cannot be judged: it is not a complete x86 configuration (no CONFIG_X86=y): a defconfig or a fragment leaves out what is at its default',
	],
];

for (const [name, content, message] of noConfiguration) {
	test(`no configuration: ${name}`, async (t) => {
		const {stdout, stderr, exitCode} = await check(name, content);
		t.is(stderr, `bootwright: ${message.replaceAll('FILE', () => path.join(directory, name))}\n${hint}`);
		t.deepEqual([exitCode, stdout], [2, '']);
	});
}

test('no configuration: a directory', async (t) => {
	await mkdir(path.join(directory, 'folder'));
	const {stderr, exitCode} = await check('folder', undefined);
	t.regex(stderr, /^bootwright: Cannot read the kernel configuration .*folder: EISDIR/v);
	t.is(exitCode, 2);
});
