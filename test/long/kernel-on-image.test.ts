import {readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {ensureImage} from '../../harness/image/build.ts';
import {firstSector, sectorBytes} from '../../harness/image/build/partition-table.ts';
import {judge, leftBehind, openPlace} from '../e2e/_program.ts';

test('a kernel and its ramdisk on the root file system of an image, which is judged as an image', async (t) => {
	t.timeout(600_000);
	await using place = await openPlace();
	const {path: disk} = await ensureImage('debian-12');
	const inRoot = async (command: string): Promise<string> => {
		const at = `${disk}?offset=${firstSector * sectorBytes}`;
		return (await execa('debugfs', ['-R', command, at])).stdout;
	};
	const release = /\/vmlinuz-(?<release>[^\/]+)\//v.exec(await inRoot('ls -p /boot'))?.groups?.['release'] ?? '';
	const files = await Promise.all(
		[`vmlinuz-${release}`, `initrd.img-${release}`].map(async (name) => {
			const file = path.join(place.directory, name);
			await inRoot(`dump /boot/${name} ${file}`);
			return file;
		}),
	);
	const [kernel = '', initrd = ''] = files;
	const given = ['--kernel', kernel, '--initrd', initrd, '--append', 'of.this.test=1'];
	const only = ['--only', 'sysctl.*', '--only', 'hw.scsi.*', '--only', 'boot.*'];
	const {exitCode, result} = await judge(place, ['ref:debian-12', ...given, ...only]);
	// The sysctls are the image's, whatever kernel runs; what starts the image by itself did not run.
	t.deepEqual(
		result.requirements.filter(({verdict}) => verdict !== 'pass').map(({id, verdict}) => [id, verdict]),
		[['boot.reached-userspace', 'skip']],
	);
	t.true(result.requirements.length > 20);
	t.is(exitCode, 0);
	t.regex(await readFile(path.join(result.artifacts.directory, 'console-ttyS0.log'), 'latin1'), / of\.this\.test=1/v);
	t.deepEqual(await leftBehind(place), []);
});
