import {access, constants, readFile} from 'node:fs/promises';
import {execa} from 'execa';
import type {Check} from './check.ts';

/** A network of the guest's own, proved by making a tap with virtio headers in a namespace that goes away at once. */
export const checkLab = async (isRoot: boolean): Promise<Check> => {
	const namespace = isRoot ? ['--net'] : ['--user', '--map-root-user', '--net'];
	const tap = 'ip tuntap add dev bootwright0 mode tap vnet_hdr && ip link set bootwright0 up';
	const {exitCode, stderr, code} = await execa('unshare', [...namespace, 'sh', '-c', tap], {
		reject: false,
		env: {PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`},
	});
	const ok = exitCode === 0;
	const words = code === 'ENOENT' ? 'unshare: not found' : (stderr.trim().split('\n').at(-1) ?? '');
	const what = isRoot ? 'a tap in a network namespace' : 'a tap in a user and network namespace';
	return {
		id: 'lab',
		title: 'Network lab',
		ok,
		essential: false,
		found: ok ? what : `cannot make ${what}: ${words}`,
		cure: ok ? undefined : await cureOf(words, isRoot),
	};
};

/** The first thing that stands in the way. */
const cureOf = async (words: string, isRoot: boolean): Promise<string> => {
	if (words.includes('unshare: not found')) {
		return 'sudo apt-get install util-linux';
	}

	if (words.includes('ip: not found')) {
		return 'sudo apt-get install iproute2';
	}

	if (await lacks(constants.F_OK)) {
		return 'sudo modprobe tun';
	}

	if (!isRoot && (await lacks(constants.R_OK | constants.W_OK))) {
		return 'sudo chmod 666 /dev/net/tun';
	}

	// Each of these switches takes namespaces from ordinary users: Ubuntu ≥ 24.04, Debian ≤ 10, and any kernel.
	const switches = [
		{key: 'kernel.apparmor_restrict_unprivileged_userns', closed: '1', open: '0'},
		{key: 'kernel.unprivileged_userns_clone', closed: '0', open: '1'},
		{key: 'user.max_user_namespaces', closed: '0', open: '10000'},
	];
	for (const {key, closed, open} of switches) {
		const value = await readFile(`/proc/sys/${key.replaceAll('.', '/')}`, 'utf8').catch(() => '');
		if (value.trim() === closed) {
			return `sudo sysctl ${key}=${open}`;
		}
	}

	return isRoot
		? 'Run it where network namespaces may be made (in a container: --cap-add NET_ADMIN --device /dev/net/tun).'
		: 'Run it as root.';
};

const lacks = async (mode: number): Promise<boolean> => {
	try {
		await access('/dev/net/tun', mode);
		return false;
	} catch {
		return true;
	}
};
