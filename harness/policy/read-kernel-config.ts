import {gunzipSync} from 'node:zlib';
import {UsageError, messageOf} from '../core/errors.ts';
import {type KernelConfig, parseKernelConfig} from './kernel-config.ts';

/** Far more than any configuration has; what unpacks to more is none. */
const maxBytes = 16 * 1024 * 1024;

/**
 * Reads a configuration as it comes: plain, or gzip as `/proc/config.gz` has it.
 * @throws UsageError when it cannot be unpacked, or holds not one option
 */
export const readKernelConfig = (bytes: Buffer): KernelConfig => parseKernelConfig(unpack(bytes).toString('latin1'));

const unpack = (bytes: Buffer): Buffer => {
	if (bytes.length < 2 || bytes.readUInt16BE(0) !== 0x1f_8b) {
		return bytes;
	}

	try {
		return gunzipSync(bytes, {maxOutputLength: maxBytes});
	} catch (error) {
		throw new UsageError(`not a kernel configuration: it looks like gzip and cannot be unpacked: ${messageOf(error)}`, {
			cause: error,
			hint: 'Give the .config of a build, /boot/config-* of an image, or /proc/config.gz of a running kernel.',
		});
	}
};
