import {mkdir, symlink, truncate, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {dir as temporaryDirectory} from 'tmp-promise';
import {injectShell} from '../../harness/access/inject/inject-shell.ts';
import {type AccessTried, type OpenShell, openShell} from '../../harness/access/open-shell.ts';
import {type AccessPlan, planAccess} from '../../harness/access/plan-access.ts';
import {monotonicMs} from '../../harness/core/clock.ts';
import {Deadline} from '../../harness/core/deadline.ts';
import {GuestError} from '../../harness/core/errors.ts';
import {ensureImage} from '../../harness/image/build.ts';
import {inspectCandidate} from '../../harness/image/inspect.ts';
import {hashCandidate, verifyUntouched} from '../../harness/image/hash.ts';
import {createOverlay} from '../../harness/image/overlay.ts';
import {findQemu} from '../../harness/qemu/find-qemu.ts';
import {bootProbe, fileInRamdisk} from './_guest.ts';

const candidate = {partitions: [], filesystem: undefined};
const auto = {
	access: 'auto',
	credentials: undefined,
	candidate,
	known: undefined,
	noLab: {why: 'there is no lab'},
} as const;

const open = async (plan: AccessPlan, options: Pick<OpenShell, 'ports'> & Partial<OpenShell>) => {
	const tried: AccessTried[] = [];
	using deadline = new Deadline({phase: 'access', budgetMs: 60_000});
	const opened = await openShell({
		plan,
		injection: undefined,
		deadline,
		timeoutScale: 1,
		onTried: (one) => void tried.push(one),
		...options,
	});
	return {
		...opened,
		said: tried.filter(({opened: isOpen}) => isOpen).map(({method, why}) => `${method}: ${why}`),
		run: async (command: string) => (await opened.shell.run(command)).text,
	};
};

/** No shell anywhere, busybox' own getty and login on the console. */
const loginFiles = {
	'etc/inittab': '::sysinit:/bin/true\nttyS0::respawn:/bin/getty -L 115200 ttyS0 vt100\n',
	'etc/shadow':
		'root:$6$bootwright$/f3wHQVdfuL52OjVZNgVSFyf7PqpJhda1wmEWcHbX3eB4fbCrTRGd8UDQKyQguwEKZpHM49k5UttP1CBnKa6c.:19000:0:99999:7:::\n',
};

test.serial(
	'a shell that is there is used, and where it is only on the console, work moves to another port',
	async (t) => {
		{
			await using guest = await bootProbe();
			const {port, said, run} = await open(planAccess({...auto, known: {access: 'shell'}}), guest);
			t.is(port.name, 'ttyS1');
			t.deepEqual(said, ['shell: there was one on ttyS1; commands run on ttyS1']);
			t.is(await run('id -u'), '0');
		}

		await using guest = await bootProbe({
			files: {'etc/inittab': 'ttyS0::respawn:-/bin/sh\n'},
			overrides: {uarts: {ttyS1: null}},
		});
		const {said, run} = await open(planAccess(auto), guest);
		t.deepEqual(said, ['shell: there was one on ttyS0; commands run on ttyS2']);
		t.is(await run('id -u'), '0');
	},
);

test.serial(
	'a login prompt ends the wait at once without a user, and with one leads to a shell beside the console',
	async (t) => {
		await using guest = await bootProbe({files: loginFiles});
		const startedAt = monotonicMs();
		const error = await t.throwsAsync(open(planAccess(auto), guest), {instanceOf: GuestError});
		t.true(monotonicMs() - startedAt < 20_000);
		t.is(error.failure, 'no-way-in');
		t.is(
			error.message,
			`There is a login prompt on ttyS0, but no user was given, and there is no root shell: there is no file system on the disk that is known here. Log: ${guest.directory}/console-ttyS0.log`,
		);

		const wrong = planAccess({...auto, credentials: {user: 'root', password: 'wrong'}});
		const refused = await t.throwsAsync(open(wrong, guest), {instanceOf: GuestError});
		t.is(refused.failure, 'login-refused');
		t.regex(refused.message, /^The login of root on ttyS0 was refused: "Login incorrect"/);

		const right = planAccess({...auto, credentials: {user: 'root', password: 'hunter2'}});
		const {said, run} = await open(right, guest);
		t.deepEqual(said, ['credentials: root logged in on ttyS0; commands run on ttyS1']);
		t.is(await run('id -u'), '0');
	},
);

/** Loads the drivers and goes over to the root file system on the first disk, as a distribution's ramdisk does. */
const toDisk = `#!/bin/busybox sh
export PATH=/sbin:/bin
mount -t proc proc /proc
mount -t devtmpfs devtmpfs /dev
modprobe -a $(cat /lib/modules/load)
until [ -b /dev/sda ]; do usleep 5000; done
mount -t ext4 /dev/sda /mnt
exec switch_root /mnt /sbin/init
`;

/** A system of busybox alone whose console asks for a password that nobody has. */
const makeLockedDisk = async (directory: string): Promise<string> => {
	const tree = path.join(directory, 'tree');
	for (const folder of ['bin', 'sbin', 'etc/init.d', 'proc', 'sys', 'dev', 'tmp', 'root']) {
		await mkdir(path.join(tree, folder), {recursive: true});
	}

	const start = '#!/bin/sh\nmount -t proc p /proc\nmount -t sysfs s /sys\nmount -t devtmpfs d /dev\n';
	const probe = await ensureImage('probe');
	const busybox = await fileInRamdisk(path.join(probe.directory, 'initrd.img'), 'bin/busybox');
	await writeFile(path.join(tree, 'bin/busybox'), busybox, {mode: 0o755});
	await writeFile(path.join(tree, 'etc/init.d/rcS'), `${start}/bin/busybox --install -s /bin\n`, {mode: 0o755});
	await writeFile(
		path.join(tree, 'etc/inittab'),
		'::sysinit:/etc/init.d/rcS\nttyS0::respawn:/bin/getty -L 115200 ttyS0 vt100\n',
	);
	await writeFile(path.join(tree, 'etc/passwd'), 'root:*:0:0::/root:/bin/sh\n');
	await symlink('../bin/busybox', path.join(tree, 'sbin/init'));
	for (const name of ['sh', 'mount']) {
		await symlink('busybox', path.join(tree, 'bin', name));
	}

	const disk = path.join(directory, 'disk.raw');
	await writeFile(disk, '');
	await truncate(disk, 64 * 1024 * 1024);
	await execa('mke2fs', ['-q', '-t', 'ext4', '-d', tree, disk]);
	return disk;
};

test.serial('a shell is added to an image that lets nobody in; the image itself is not written', async (t) => {
	const {path: directory, cleanup} = await temporaryDirectory({unsafeCleanup: true});
	t.teardown(cleanup);
	const qemu = await findQemu();
	const appliance = await ensureImage('appliance');
	const candidate = await inspectCandidate(await makeLockedDisk(directory));
	const sha256 = await hashCandidate(candidate);
	const overlay = {path: path.join(directory, 'overlay.qcow2')};
	await createOverlay({qemuImg: qemu.imgPath, candidate, path: overlay.path});
	const plan = planAccess({...auto, candidate});
	t.true(plan.injectFirst);
	using deadline = new Deadline({phase: 'inject', budgetMs: 60_000});
	const inject = path.join(directory, 'inject');
	const injection = await injectShell({
		appliance,
		qemu,
		accelerator: 'tcg',
		directory: inject,
		deadline,
		candidate,
		overlay,
	});
	t.like(injection, {injected: true, root: '/dev/vda', init: 'busybox', notes: []});

	await using guest = await bootProbe({files: {init: toDisk}, disk: {candidate, overlay}});
	const {port, said, run} = await open(plan, {...guest, injection});
	t.is(port.name, 'ttyS1');
	t.deepEqual(said, ['inject: a shell was added to /dev/vda (busybox); commands run on ttyS1']);
	t.is(await run('id -u; tty </dev/tty; touch /written; sync; ls /written'), '0\n/dev/tty\n/written');
	await verifyUntouched(candidate, {paranoid: true, sha256});
});
