import {SocketAddress, isIPv4, isIPv6} from 'node:net';
import {HarnessBug} from '../../core/errors.ts';

/**
 * An IPv4 or IPv6 address as its 4 or 16 bytes.
 * @throws HarnessBug for text that is none
 */
export const addressBytes = (address: string): Buffer => {
	if (isIPv4(address)) {
		return Buffer.from(address.split('.').map(Number));
	}

	if (!isIPv6(address) || address.includes('.') || address.includes('%')) {
		throw new HarnessBug(`Not an address: ${address}`);
	}

	const [left = '', right = ''] = address.split('::');
	const before = groups(left);
	const after = groups(right);
	const zeros = Array.from({length: 8 - before.length - after.length}, () => 0);
	return Buffer.from([...before, ...zeros, ...after].flatMap((group) => [group >> 8, group & 0xff]));
};

const groups = (text: string): readonly number[] =>
	text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));

/** The inverse of `addressBytes`; IPv6 in its short form (RFC 5952). */
export const addressText = (bytes: Buffer): string => {
	if (bytes.length === 4) {
		return bytes.join('.');
	}

	const address = Array.from({length: 8}, (_, index) => bytes.readUInt16BE(index * 2).toString(16)).join(':');
	return new SocketAddress({family: 'ipv6', address}).address;
};

/** `42:01:0a:80:00:02` as six bytes. */
export const macBytes = (mac: string): Buffer => {
	const bytes = Buffer.from(mac.replaceAll(':', ''), 'hex');
	if (bytes.length !== 6) {
		throw new HarnessBug(`Not a hardware address: ${mac}`);
	}

	return bytes;
};

export const macText = (bytes: Buffer): string => bytes.toString('hex').replaceAll(/(?<=..)(?=(?:..)+$)/gu, ':');
