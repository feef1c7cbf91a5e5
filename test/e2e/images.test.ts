import {chmod, mkdir, readdir, stat, symlink} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {dir as temporaryDirectory} from 'tmp-promise';
import {type ConsolePort} from '../../harness/console/port.ts';
import {RootShell} from '../../harness/console/root-shell.ts';
import {pollPause} from '../../harness/core/clock.ts';
import {Deadline} from '../../harness/core/deadline.ts';
import {type ConsoleProblem} from '../../harness/core/events.ts';
import {type BuiltImage, ensureImage} from '../../harness/image/build.ts';
import {imageCache} from '../../harness/image/build/cache.ts';
import {readManifest} from '../../harness/image/build/manifest.ts';
import {createOverlay} from '../../harness/image/overlay.ts';
import {startMachine} from '../../harness/machine/start.ts';
import {loadProfile} from '../../harness/profile/load.ts';
import {findQemu} from '../../harness/qemu/find-qemu.ts';
import {bootwright, entry} from './_program.ts';

/** Where the first partition begins; programs of e2fsprogs take it in the file's name. */
const partition = (image: BuiltImage): string => `${image.path}?offset=${2048 * 512}`;
const debugfs = async (image: BuiltImage, command: string): Promise<string> =>
	(await execa('/sbin/debugfs', ['-R', command, partition(image)])).stdout;

type Booted = {readonly port: ConsolePort; readonly deadline: Deadline; readonly problems: readonly ConsoleProblem[]};

/** Boots an image from its own disk, through firmware and boot loader. */
const boot = async (t: ExecutionContext, image: BuiltImage, body: (booted: Booted) => Promise<void>): Promise<void> => {
	await using stack = new AsyncDisposableStack();
	const {path: directory, cleanup} = await temporaryDirectory({unsafeCleanup: true, prefix: 'bw-e2e'});
	stack.defer(cleanup);
	const qemu = await findQemu();
	const overlay = {path: path.join(directory, 'overlay.qcow2')};
	await createOverlay({qemuImg: qemu.imgPath, candidate: image, path: overlay.path});
	const problems: ConsoleProblem[] = [];
	const running = stack.use(
		await startMachine({
			profile: await loadProfile('gce'),
			qemu,
			accelerator: {accelerator: 'tcg', reason: 'a test'},
			run: {candidate: image, overlay, runDirectory: directory},
			logDirectory: directory,
			timeoutScale: 1,
			boot: {directKernel: false, kernelConfigFile: undefined},
			onProblem: (problem) => void problems.push(problem),
		}),
	);
	const deadline = stack.use(new Deadline({phase: 'boot', budgetMs: 280_000, signal: running.ended}));
	await running.start();
	await body({port: running.ports[0]!, deadline, problems});
	t.deepEqual(problems, []);
};

test.serial(
	'debian-12-plain boots to a login prompt, lets root in, and is up, without a metadata server',
	async (t) => {
		t.timeout(300_000);
		const image = await ensureImage('debian-12-plain');
		t.deepEqual(image.manifest.access, {access: 'credentials', user: 'root', password: 'bootwright'});
		await boot(t, image, async ({port, deadline}) => {
			await port.expect('debian login: ', deadline, {what: 'the login prompt'});
			await port.write('root\n');
			await port.expect('Password: ', deadline, {what: 'the question for the password'});
			await port.write('bootwright\n');
			await port.expect('# ', deadline, {what: "root's prompt"});
			const shell = await RootShell.open(port, deadline);
			const tell = async (command: string): Promise<string> => (await shell.run(command, {deadline})).text.trim();
			t.is(await tell('systemctl is-system-running'), 'running');
			t.is(
				await tell('cat /proc/cmdline'),
				`BOOT_IMAGE=/boot/vmlinuz-${await tell('uname -r')} root=UUID=7c0d9b52-1e3a-4f86-b0a4-2f5e6d7c12e2 ro console=ttyS0,38400n8d`,
			);
			t.is(await tell('cd /boot && ls -d config-$(uname -r)'), `config-${await tell('uname -r')}`);
			t.is(
				await tell('systemctl is-active google-guest-agent systemd-networkd systemd-resolved'),
				'active\nactive\nactive',
			);
			t.regex(await tell('ip -4 -o address show dev ens4'), /inet 10\.128\.0\.2\/24/v);
			t.is(await tell('findmnt -n -o SOURCE,FSTYPE,OPTIONS /'), '/dev/sda1 ext4   rw,relatime,errors=remount-ro');
		});
	},
);

test.serial('the probe boots from its own disk, in seconds', async (t) => {
	t.timeout(120_000);
	await boot(t, await ensureImage('probe'), async ({port, deadline}) => {
		await port.expect(/BOOT_IMAGE=\/boot\/vmlinuz/v, deadline, {what: "the boot loader's kernel"});
		await port.expect('# ', deadline, {what: "the shell's prompt"});
		t.pass();
	});
});

test.serial('debian-12 has no password anywhere, and all that the plain image has', async (t) => {
	t.timeout(300_000);
	const [hardened, plain] = [await ensureImage('debian-12'), await ensureImage('debian-12-plain')];
	const shadow = await debugfs(hardened, 'cat /etc/shadow');
	t.regex(shadow, /^root:\*:/mv);
	t.deepEqual(
		shadow.split('\n').filter((line) => !/^[^:]+:[*!]+:/v.test(line)),
		[],
	);
	t.regex(await debugfs(plain, 'cat /etc/shadow'), /^root:\$6\$/mv);
	t.deepEqual(hardened.manifest.packages, plain.manifest.packages);
	for (const image of [hardened, plain]) {
		t.is(await debugfs(image, 'cat /etc/machine-id'), '');
		t.is(
			(await debugfs(image, 'cat /etc/apt/sources.list')).split('\n').filter((line) => line.startsWith('deb')).length,
			0,
		);
	}
});

test.serial('file systems are sound, and files belong to whom the packages gave them', async (t) => {
	for (const name of ['debian-12', 'debian-12-plain', 'probe']) {
		const image = await ensureImage(name);
		const check = await execa('/sbin/e2fsck', ['-f', '-n', partition(image)], {reject: false, all: true});
		t.is(check.exitCode, 0, check.all);
		const {size, blocks} = await stat(image.path);
		t.true(blocks * 512 < size / 2, `${name} is sparse`);
	}

	const image = await ensureImage('debian-12');
	t.regex(await debugfs(image, 'stat /etc/shadow'), /Mode: {2}0640 .*\nGeneration: .*\nUser: +0 +Group: +42 /v);
	t.regex(await debugfs(image, 'stat /usr/bin/su'), /Mode: {2}04755 .*\nGeneration: .*\nUser: +0 +Group: +0 /v);
	t.regex(await debugfs(image, 'stat /etc/hostname'), / mtime: 0x6483bd00:/v);
});

test.serial('the same packages give the same bytes', async (t) => {
	t.timeout(300_000);
	const {path: home, cleanup} = await temporaryDirectory({unsafeCleanup: true});
	const before = await ensureImage('debian-12');
	const names = await readdir(imageCache());
	const cache = path.join(home, 'bootwright/images');
	await execa('mkdir', ['-p', cache]);
	const trees = names.filter((name) => name.startsWith('tree-'));
	for (const name of trees) {
		await symlink(path.join(imageCache(), name), path.join(cache, name));
	}

	// Another umask and another folder for temporary files must not be seen in them.
	const script = 'umask 077 && exec "$0" "$@"';
	const args = ['-c', script, process.execPath, entry, 'images', 'build', 'debian-12'];
	const {stdout, stderr} = await execa('sh', args, {env: {XDG_CACHE_HOME: home, TMPDIR: home}});
	t.is(stderr, 'building image debian-12');
	const again = path.join(cache, path.basename(before.directory), 'disk.raw');
	t.regex(stdout, /^debian-12 {4}1\.0 GiB +\d+(\.\d)? s {2}\//v);
	t.true(stdout.endsWith(again), stdout);
	t.deepEqual((await readManifest(path.dirname(again))).files, before.manifest.files);
	await cleanup();
});

for (const [signal, exitCode] of [
	['SIGINT', 130],
	['SIGKILL', undefined],
] as const) {
	test.serial(`packages that are still being fetched when ${signal} comes leave nothing`, async (t) => {
		t.timeout(120_000);
		const {path: home, cleanup} = await temporaryDirectory({unsafeCleanup: true});
		const {path: temporary} = await temporaryDirectory({tmpdir: home});
		// An ordinary user's tree is made by a subordinate id, which must reach it.
		await Promise.all([home, temporary].map(async (folder) => chmod(folder, 0o755)));
		const child = execa(process.execPath, [entry, 'images', 'build', 'appliance'], {
			env: {XDG_CACHE_HOME: home, TMPDIR: temporary},
			reject: false,
		});
		const progress = child.iterable({from: 'stderr'});
		const lines: string[] = [];
		for await (const line of progress) {
			lines.push(line);
			if (line === 'packages: downloading packages with apt...') {
				child.kill(signal);
			}
		}

		const ended = await child;
		t.is(ended.exitCode, exitCode);
		// It did not just wait for the end of it.
		t.false(lines.some((line) => line.startsWith('packages: success')));
		// Killed outright, nobody waits for mmdebstrap, which is told to end by the kernel and clears up after itself.
		using deadline = new Deadline({phase: 'clearing up', budgetMs: 60_000});
		while ((await readdir(temporary)).length > 0) {
			await pollPause(50, deadline.signal);
		}

		const names = await readdir(path.join(home, 'bootwright/images'));
		t.deepEqual(
			names.filter((name) => !name.startsWith('.')),
			[],
		);
		t.is(names.length, signal === 'SIGINT' ? 1 : 3);
		await cleanup();
	});
}

test.serial('images that are there are named, and a mistyped name builds nothing', async (t) => {
	t.timeout(120_000);
	const appliance = await ensureImage('appliance');
	const found = await bootwright(['images', 'build', 'appliance']);
	t.regex(found.stdout, /^appliance +1\d\.\d MiB {2}cached {2}\//v);
	t.true(found.stdout.endsWith(appliance.path));
	t.is(found.stderr, '');
	t.is(found.exitCode, 0);
	const mistyped = await bootwright(['images', 'build', 'appliance', 'debian-14']);
	t.is(mistyped.stdout, '');
	t.is(
		mistyped.stderr,
		'bootwright: There is no image "debian-14". Did you mean "debian-12" or "debian-13"?\n  Images: appliance, debian-12, debian-12-btrfs, debian-12-cloud-init, debian-12-generic, debian-12-gpt, debian-12-plain, debian-12-ssh, debian-12-sysvinit, debian-12-uefi, debian-12-xfs, debian-13, probe, probe-686-pae',
	);
	t.is(mistyped.exitCode, 2);
});

test.serial('a cache that somebody cut down is named, with the way out', async (t) => {
	const {path: home, cleanup} = await temporaryDirectory({unsafeCleanup: true});
	const name = path.basename((await ensureImage('appliance')).directory);
	const cut = path.join(home, 'bootwright/images', name);
	await mkdir(cut, {recursive: true});
	const {stderr, exitCode} = await bootwright(['images', 'build', 'appliance'], {env: {XDG_CACHE_HOME: home}});
	t.is(stderr, `bootwright: The image cache is damaged: ${cut}/vmlinuz is missing\n  rm -r ${cut}`);
	t.is(exitCode, 4);
	await cleanup();
});
