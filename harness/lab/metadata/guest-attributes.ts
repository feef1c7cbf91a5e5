/** What the guest wrote: value by key by namespace. */
export type GuestAttributes = ReadonlyMap<string, ReadonlyMap<string, string>>;

export type GuestAttributeName = {readonly namespace: string; readonly key: string};

/** The largest value, as for every metadata value (Compute Engine API, resource Metadata). */
export const largestValue = 262_144;

/** What a guest may keep here in all. The cloud limits the rate instead (10 requests a minute); memory is what a lab must guard. */
const mostKeys = 1000;
const mostCharacters = 4 * 2 ** 20;

/**
 * NAMESPACE and KEY of a path such as `/computeMetadata/v1/instance/guest-attributes/hostkeys/ssh-rsa`; undefined for any other.
 * Source: Compute Engine, "Set and query guest attributes".
 */
export const guestAttributeName = (path: string): GuestAttributeName | undefined => {
	const segments = path.split('/').filter((segment) => segment !== '');
	const [namespace, key, ...more] = segments.slice(4);
	const here = segments.slice(0, 4).join('/') === 'computeMetadata/v1/instance/guest-attributes';
	return here && namespace !== undefined && key !== undefined && more.length === 0 && !path.endsWith('/')
		? {namespace, key}
		: undefined;
};

/** The attributes with one more, or with another value; undefined where that would be too much, or its name is none. */
export const withGuestAttribute = (
	all: GuestAttributes,
	{namespace, key}: GuestAttributeName,
	value: string,
): GuestAttributes | undefined => {
	if ([namespace, key].some((name) => !/^[\w.:-]{1,128}$/u.test(name))) {
		return undefined;
	}

	const changed = new Map(all).set(namespace, new Map(all.get(namespace)).set(key, value));
	const values = changed
		.values()
		.flatMap((keys) => keys.values())
		.toArray();
	const characters = values.reduce((sum, one) => sum + one.length, 0);
	return values.length > mostKeys || characters > mostCharacters ? undefined : changed;
};

/** The attributes without one; undefined where it was not there. */
export const withoutGuestAttribute = (
	all: GuestAttributes,
	{namespace, key}: GuestAttributeName,
): GuestAttributes | undefined => {
	const keys = new Map(all.get(namespace));
	if (!keys.delete(key)) {
		return undefined;
	}

	const changed = new Map(all).set(namespace, keys);
	if (keys.size === 0) {
		changed.delete(namespace);
	}

	return changed;
};
