import {access, constants, readFile} from 'node:fs/promises';

/**
 * The command that lets this host have a lab: the first thing that stands in the way.
 * @param words what `unshare` or `ip` said
 */
export const labCure = async (words: string, {asRoot}: {readonly asRoot: boolean}): Promise<string> => {
	if (/spawn unshare ENOENT|unshare: not found|failed to execute setpriv/v.test(words)) {
		return 'sudo apt-get install util-linux';
	}

	if (/spawn ip ENOENT|\bip: not found/v.test(words)) {
		return 'sudo apt-get install iproute2';
	}

	if (await lacks(constants.F_OK)) {
		return 'sudo modprobe tun';
	}

	if (!asRoot && (await lacks(constants.R_OK | constants.W_OK))) {
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

	return asRoot
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
