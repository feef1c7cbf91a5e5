/** One resource of the metadata server. */
export type MetadataNode =
	| DirectoryNode
	| {readonly kind: 'text'; readonly value: string}
	/** Decimal digits: ids have more of them than a JavaScript number holds. Bare in JSON. */
	| {readonly kind: 'number'; readonly digits: string}
	/** Read as a whole: one item a line, or a JSON array. Tags alone are JSON where nothing else is asked for. */
	| {readonly kind: 'list'; readonly items: readonly string[]; readonly usually: 'text' | 'json'}
	/** A directory whose names are indices; an array in JSON. */
	| {readonly kind: 'array'; readonly items: readonly MetadataNode[]}
	/** Listed, and refused with 403. */
	| {readonly kind: 'closed'; readonly why: 'legacy' | 'guest-attributes'};

export type DirectoryNode = {
	readonly kind: 'directory';
	readonly children: ReadonlyMap<string, MetadataNode>;
	/** `ours`: camel case in JSON. `theirs`: attributes and e-mail addresses, never rewritten. */
	readonly keys: 'ours' | 'theirs';
	/** Empty when a directory above is read recursively: a guest attribute that is written must not wake who waits for the rest. */
	readonly apart: boolean;
};

export const text = (value: string): MetadataNode => ({kind: 'text', value});
export const number = (value: number | string): MetadataNode => ({kind: 'number', digits: String(value)});
export const list = (items: readonly string[], usually: 'text' | 'json' = 'text'): MetadataNode => ({
	kind: 'list',
	items,
	usually,
});
export const array = (items: readonly MetadataNode[]): MetadataNode => ({kind: 'array', items});

/** A directory with the keys of the service itself. Names are sorted, as the cloud sorts them. */
export const directory = (children: Readonly<Record<string, MetadataNode>>): DirectoryNode => ({
	...freeDirectory(Object.entries(children)),
	keys: 'ours',
});

/** A directory whose keys somebody chose. */
export const freeDirectory = (entries: Iterable<readonly [string, MetadataNode]>): DirectoryNode => ({
	kind: 'directory',
	children: new Map([...entries].toSorted(([left], [right]) => (left < right ? -1 : 1))),
	keys: 'theirs',
	apart: false,
});

/** What stands below a name; undefined where nothing does. */
export const childOf = (node: MetadataNode, name: string): MetadataNode | undefined => {
	switch (node.kind) {
		case 'directory': {
			return node.children.get(name);
		}

		case 'array': {
			return /^(0|[1-9]\d{0,4})$/u.test(name) ? node.items[Number(name)] : undefined;
		}

		case 'closed': {
			return node;
		}

		case 'text':
		case 'number':
		case 'list': {
			return undefined;
		}
	}
};

/** Whether its path ends in a slash. */
export const hasChildren = ({kind}: MetadataNode): boolean =>
	kind === 'directory' || kind === 'array' || kind === 'closed';
