import {createHash} from 'node:crypto';
import {mkdir, readFile, symlink} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {dir} from 'tmp-promise';
import {imageCache} from '../../harness/image/build/cache.ts';
import {ensureTree} from '../../harness/image/build/tree.ts';
import {ensureToolbox} from '../../harness/image/toolbox.ts';

// EI_CLASS (elf(5)): 32 or 64 bits.
for (const [architecture, elfClass] of [
	['amd64', '\u{2}'],
	['i386', '\u{1}'],
] as const) {
	test.serial(`the toolbox for ${architecture}: a tar that is a disk, whose programs run by themselves`, async (t) => {
		t.timeout(300_000);
		const toolbox = await ensureToolbox(architecture);
		const content = await readFile(toolbox.path);
		t.is(content.length, toolbox.bytes);
		t.is(content.length % 4096, 0);
		t.is(createHash('sha256').update(content).digest('hex'), toolbox.sha256);
		// The guest cuts busybox out by these numbers alone.
		t.is(content.toString('latin1', 0, 8), 'busybox\0');
		t.is(Number.parseInt(content.toString('latin1', 124, 135), 8), toolbox.unpackerBytes);
		t.is(content.toString('latin1', 512, 517), `\u{7F}ELF${elfClass}`);

		const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
		t.teardown(cleanup);
		await execa('tar', ['-xf', toolbox.path, '-C', directory]);
		const says: Readonly<Record<(typeof toolbox.tools)[number], readonly [args: string, words: RegExp]>> = {
			busybox: ['busybox', /BusyBox v1\.35/v],
			ethtool: ['--version', /ethtool version 6\.1/v],
			ip: ['-V', /iproute2-6\.1/v],
			iperf3: ['--version', /iperf 3\.12/v],
			lspci: ['--version', /lspci version 3\.9/v],
			nstat: ['-V', /iproute2-6\.1/v],
			sg_inq: ['-V', /version string: /iv],
			sg_readcap: ['-V', /version string: /iv],
			sg_vpd: ['-V', /version: 1/v],
			socat: ['-V', /socat version 1\.7/v],
		};
		for (const name of toolbox.tools) {
			const [args, words] = says[name];
			// An empty environment: nothing but what is in the box.
			const {all} = await execa(path.join(directory, 'bin', name), [args], {all: true, env: {}, extendEnv: false});
			t.regex(all, words, name);
		}
	});
}

test.serial('the same packages give the same bytes, whatever the umask', async (t) => {
	t.timeout(300_000);
	const {sha256} = await ensureToolbox('amd64');
	const tree = await ensureTree('toolbox', {});
	const {path: cache, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	const before = process.env['XDG_CACHE_HOME'];
	const umask = process.umask(0o077);
	t.teardown(async () => {
		process.umask(umask);
		if (before === undefined) {
			delete process.env['XDG_CACHE_HOME'];
		} else {
			process.env['XDG_CACHE_HOME'] = before;
		}

		await cleanup();
	});
	process.env['XDG_CACHE_HOME'] = cache;
	await mkdir(imageCache(), {recursive: true});
	await symlink(tree, path.join(imageCache(), path.basename(tree)));
	const again = await ensureToolbox('amd64');
	t.true(again.path.startsWith(cache));
	t.is(again.sha256, sha256);
});
