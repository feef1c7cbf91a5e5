import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {dir as temporaryDirectory} from 'tmp-promise';
import {HostError} from '../../harness/core/errors.ts';
import {createOverlay} from '../../harness/image/overlay.ts';

const module = new URL('../../harness/image/overlay.ts', import.meta.url).href;

const withDirectory = async (work: (directory: string) => Promise<void>): Promise<void> => {
	const {path: directory, cleanup} = await temporaryDirectory({unsafeCleanup: true});
	try {
		await work(directory);
	} finally {
		await cleanup();
	}
};

test('the overlay names its raw base, and takes the writes', async (t) => {
	await withDirectory(async (directory) => {
		const candidate = {path: path.join(directory, 'a,b:c .raw')};
		await writeFile(candidate.path, Buffer.alloc(1024 * 1024, 'x'));
		const overlay = path.join(directory, 'overlay.qcow2');
		await createOverlay({qemuImg: 'qemu-img', candidate, path: overlay});
		const {stdout} = await execa('qemu-img', ['info', '--output=json', overlay]);
		t.like(JSON.parse(stdout), {
			'virtual-size': 1024 * 1024,
			format: 'qcow2',
			'backing-filename': candidate.path,
			'backing-filename-format': 'raw',
		});
		await execa('qemu-io', ['-f', 'qcow2', '-c', 'write -P 0x79 0 4096', overlay]);
		t.true((await readFile(candidate.path)).every((byte) => byte === 0x78));
	});
});

test('a full disk is named with the space that is left', async (t) => {
	await withDirectory(async (directory) => {
		// A file system of 16 KiB, in a mount namespace of its own.
		const script = `
			import {createOverlay} from ${JSON.stringify(module)};
			await createOverlay({qemuImg: 'qemu-img', candidate: {path: '${directory}/base.raw'}, path: '${directory}/small/o.qcow2'})
				.catch((error) => console.log(error.name, error.message));`;
		await writeFile(path.join(directory, 'base.raw'), Buffer.alloc(512));
		await writeFile(path.join(directory, 'script.ts'), script);
		const mount = 'mkdir $0/small && mount -t tmpfs -o size=16k none $0/small && exec $1 $0/script.ts';
		const {stdout} = await execa('unshare', ['-rm', 'sh', '-c', mount, directory, process.execPath]);
		t.is(stdout, `NoOverlaySpace No space left for the overlay in ${directory}/small (0 MiB free)`);
	});
});

test('what else QEMU’s tool says is passed on', async (t) => {
	await withDirectory(async (directory) => {
		const file = path.join(directory, 'none', 'o.qcow2');
		await writeFile(path.join(directory, 'base.raw'), Buffer.alloc(512));
		await t.throwsAsync(
			createOverlay({qemuImg: 'qemu-img', candidate: {path: path.join(directory, 'base.raw')}, path: file}),
			{
				instanceOf: HostError,
				message: `Cannot create the overlay ${file}: qemu-img: ${file}: Could not create '${file}': No such file or directory`,
			},
		);
		const error = await t.throwsAsync(createOverlay({qemuImg: '/none/qemu-img', candidate: {path: file}, path: file}), {
			instanceOf: HostError,
		});
		t.regex(error.message, /^Cannot create the overlay .*ENOENT/u);
	});
});
