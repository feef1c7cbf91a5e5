/**
 * How the kernel makes one value of `net.ipv4.conf.all.X` and `net.ipv4.conf.IFACE.X`
 * (Documentation/networking/ip-sysctl.rst; include/linux/inetdevice.h: IN_DEV_ANDCONF, IN_DEV_ORCONF, IN_DEV_MAXCONF,
 * IN_DEV_RX_REDIRECTS).
 */
export type Combination = 'both' | 'either' | 'larger';

const combinations: Readonly<Record<string, Combination>> = {
	accept_source_route: 'both',
	secure_redirects: 'either',
	send_redirects: 'either',
	log_martians: 'either',
	rp_filter: 'larger',
};

/** @param options.forwarding whether that interface forwards: redirects are then accepted only where both say so */
export const combinationOf = (name: string, {forwarding}: {readonly forwarding: boolean}): Combination | undefined => {
	if (name === 'accept_redirects') {
		return forwarding ? 'both' : 'either';
	}

	return combinations[name];
};

/** The value that counts on an interface. */
export const effective = (combination: Combination, all: number, own: number): number => {
	switch (combination) {
		case 'both': {
			return all !== 0 && own !== 0 ? 1 : 0;
		}

		case 'either': {
			return all !== 0 || own !== 0 ? 1 : 0;
		}

		case 'larger': {
			return Math.max(all, own);
		}
	}
};
