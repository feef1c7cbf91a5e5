/** A mapping of YAML or JSON. */
export type Mapping = Readonly<Record<string, unknown>>;

/**
 * Lays one profile over its parent: mappings are merged key by key, anything else replaces what was there,
 * and null takes the key away — unless the parent holds null there too or knows no such key (a plain null value).
 */
export const mergeProfile = (parent: Mapping, child: Mapping): Mapping => {
	const merged: Record<string, unknown> = {...parent};
	for (const [key, value] of Object.entries(child)) {
		const inherited = parent[key];
		if (value === null && inherited !== undefined && inherited !== null) {
			// eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a fresh plain object, keys from a schema-checked file
			delete merged[key];
		} else {
			merged[key] = isMapping(value) && isMapping(inherited) ? mergeProfile(inherited, value) : value;
		}
	}

	return merged;
};

export const isMapping = (value: unknown): value is Mapping =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
