import {gzipSync} from 'node:zlib';
import test from 'ava';
import {UsageError} from '../../harness/core/errors.ts';
import {readKernelConfig} from '../../harness/policy/read-kernel-config.ts';

test('plain and packed are the same', (t) => {
	const text = Buffer.from('CONFIG_X86=y\n');
	t.deepEqual(readKernelConfig(gzipSync(text)), readKernelConfig(text));
});

test('a broken archive, and one that never ends', (t) => {
	const packed = gzipSync(Buffer.from('CONFIG_X86=y\n'));
	t.throws(() => readKernelConfig(packed.subarray(0, 20)), {
		instanceOf: UsageError,
		message: 'not a kernel configuration: it looks like gzip and cannot be unpacked: unexpected end of file',
	});
	const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 'CONFIG_X=y\n'));
	t.throws(() => readKernelConfig(bomb), {
		instanceOf: UsageError,
		message: /cannot be unpacked: Cannot create a Buffer larger/v,
	});
});
