import {chmod, readdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import tmp from 'tmp-promise';
import {qemuScript} from '../../harness/report/qemu-script.ts';

/** A machine in small, with every kind of argument that the script changes. */
const script = async (t: {teardown: (action: () => Promise<void>) => void}, entry = '/gone/bootwright.js') => {
	const {path: folder, cleanup} = await tmp.dir({unsafeCleanup: true});
	t.teardown(cleanup);
	const image = path.join(folder, "it's an image.raw");
	await writeFile(image, Buffer.alloc(512));
	const fake = path.join(folder, 'fake');
	await writeFile(
		fake,
		'#!/bin/sh\npwd\nls\nread -r typed; echo "typed $typed"\nfor argument; do echo "[$argument]"; done\n',
	);
	await chmod(fake, 0o755);
	const file = path.join(folder, 'qemu.sh');
	const text = qemuScript({
		profile: 'gce',
		run: {
			accelerator: 'tcg',
			candidate: {path: image},
			overlay: {path: '/gone/run/disk,1.qcow2'},
			runDirectory: '/gone/run',
			firmwareLog: '/state/firmware.log',
			network: {type: 'user'},
		},
		arguments: [
			'-S',
			'-chardev',
			'socket,id=ttyS0,path=ttyS0.sock',
			'-chardev',
			'file,path=/state/firmware.log',
			'-blockdev',
			'filename=disk,,1.qcow2',
		],
		files: [
			{name: 'table.bin', bytes: Uint8Array.from([0, 255])},
			{name: "a copy's name", copyOf: image},
		],
		binary: {path: fake, imgPath: 'qemu-img'},
		program: {node: fake, entry},
		differences: ['the shell that was injected is not there'],
	});
	await writeFile(file, text);
	const {stdout, stderr} = await execa('sh', [file], {env: {TMPDIR: folder}, input: 'here\n'});
	const [where = '', ...lines] = stdout.split('\n');
	return {folder, where, lines, stderr, text};
};

test('where the program is gone, QEMU starts by itself with the console on the terminal', async (t) => {
	const {folder, where, lines, stderr, text} = await script(t);
	t.deepEqual(lines, [
		"a copy's name",
		'overlay.qcow2',
		'table.bin',
		'typed here',
		'[-chardev]',
		'[stdio,id=ttyS0,mux=on,signal=off]',
		'[-chardev]',
		'[file,path=firmware.log]',
		'[-blockdev]',
		'[filename=overlay.qcow2]',
	]);
	t.true(stderr.startsWith('Bootwright is not at /gone/bootwright.js any more: the machine starts without'));
	t.true(text.includes('\n# Differs from the run: the shell that was injected is not there\n'));
	t.is(path.dirname(where), folder);
	t.deepEqual(
		(await readdir(folder)).filter((name) => name.startsWith('bootwright')),
		[],
		'nothing is left behind',
	);
});

test('where the program is there, it starts the machine and applies the overrides', async (t) => {
	const {where, lines} = await script(t, '/dev/null');
	t.deepEqual(lines.slice(3, 14), [
		'typed here',
		'[/dev/null]',
		'[start-machine]',
		'[--profile]',
		'[gce]',
		'[--qemu]',
		`[${path.join(path.dirname(where), 'fake')}]`,
		'[--directory]',
		`[${where}]`,
		'[--]',
		'[-S]',
	]);
});
