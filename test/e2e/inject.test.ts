import {readFile, truncate, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {dir as temporaryDirectory} from 'tmp-promise';
import {type ApplianceDisk} from '../../harness/access/inject/appliance-arguments.ts';
import {injectionFiles} from '../../harness/access/inject/inject-shell.ts';
import {parseInjectionReport} from '../../harness/access/inject/injection-report.ts';
import {type RunAppliance, runAppliance} from '../../harness/access/inject/run-appliance.ts';
import {Deadline} from '../../harness/core/deadline.ts';
import {ensureImage} from '../../harness/image/build.ts';
import {createOverlay} from '../../harness/image/overlay.ts';
import {findQemu} from '../../harness/qemu/find-qemu.ts';

const script = async (name: string): Promise<string> => readFile(new URL(`inject/${name}`, import.meta.url), 'utf8');

test.serial(
	'every layout and init gets a shell; what is no root, or must not be changed, is left as it was',
	async (t) => {
		const {path: directory, cleanup} = await temporaryDirectory({unsafeCleanup: true});
		t.teardown(cleanup);
		const qemu = await findQemu();
		const appliance = await ensureImage('appliance');
		const base = {path: path.join(directory, 'base.raw')};
		await writeFile(base.path, '');
		await truncate(base.path, 400 * 1024 * 1024);
		const disks: ApplianceDisk[] = [];
		for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
			const overlay = {path: path.join(directory, `${name}.qcow2`)};
			await createOverlay({qemuImg: qemu.imgPath, candidate: base, path: overlay.path});
			disks.push({candidate: base, overlay});
		}

		const run = async (more: Pick<RunAppliance, 'files' | 'archives'>): Promise<string> => {
			using deadline = new Deadline({phase: 'test', budgetMs: 120_000});
			const accelerator = 'tcg';
			return await runAppliance({
				appliance,
				qemu,
				accelerator,
				disks,
				directory: path.join(directory, 'run'),
				deadline,
				...more,
			});
		};

		const making = await run({files: {run: await script('make-disks.sh')}, archives: ['tools.img']});
		t.true(making.includes('made\r\n'), making);

		const files = await injectionFiles({nonce: 'n0nce', ports: ['ttyS1', 'ttyS2']});
		const text = await run({files: {...files, run: await script('show-disks.sh'), inject: files['run'] ?? ''}});
		const {roots, problems, notes, complete} = parseInjectionReport(text, 'n0nce');
		t.true(complete);
		t.deepEqual(
			roots.map(({place, filesystem, init}) => `${place} ${filesystem} ${init}`),
			[
				'/dev/mapper/vg-root ext4 busybox',
				'/dev/vda1 ext4 systemd',
				'/dev/vdb2 xfs sysvinit',
				'/dev/vdc1:@ btrfs systemd',
				'/dev/vdd ext4 busybox',
			],
			text,
		);
		t.deepEqual(problems, [
			'vda3: its init is /sbin/runit-init, neither systemd nor sysvinit nor busybox',
			'vda5: it cannot be mounted for writing: Read-only file system',
			'vdf: it cannot be mounted: Invalid argument (EXT4-fs (vdf): no journal found)',
		]);
		t.deepEqual(notes, []);
		const systemd = (disk: string): readonly string[] => [
			`${disk} etc/bootwright-shell 644`,
			`${disk} etc/systemd/system-preset/00-bootwright.preset 644`,
			`${disk} etc/systemd/system/bootwright-shell.service 644`,
			`${disk} etc/systemd/system/getty@ttyS1.service /dev/null`,
			`${disk} etc/systemd/system/serial-getty@ttyS1.service /dev/null`,
			`${disk} etc/systemd/system/sysinit.target.wants/bootwright-shell.service ../bootwright-shell.service`,
		];
		t.deepEqual(
			text.split('\r\n').flatMap((line) => (line.startsWith('= ') ? line.slice(2) : [])),
			[
				...systemd('vda1'),
				'vdb2 etc/bootwright-shell 644',
				'vdb2 etc/inittab 600 id:2:initdefault:|# T0 ttyS1|T0:23:respawn:/sbin/getty -L ttyS0|#T1:23:respawn:/sbin/getty -L ttyS1|bw:2345:respawn:/bin/sh /etc/bootwright-shell|',
				...systemd('vdc1'),
				'vdd etc/bootwright-shell 644',
				'vdd etc/inittab 644 ::sysinit:/etc/init.d/rcS|::askfirst:-/bin/sh|tty2::askfirst:-/bin/sh|tty3::askfirst:-/bin/sh|tty4::askfirst:-/bin/sh|::ctrlaltdel:/sbin/reboot|::shutdown:/sbin/swapoff -a|::shutdown:/bin/umount -a -r|::restart:/sbin/init|ttyS1::respawn:/bin/sh /etc/bootwright-shell|',
				'mapper/vg-root etc/bootwright-shell 644',
				'mapper/vg-root etc/inittab 644 ::sysinit:/etc/rc|#ttyS1::askfirst:/bin/sh|ttyS1::respawn:/bin/sh /etc/bootwright-shell|',
			],
		);
	},
);
