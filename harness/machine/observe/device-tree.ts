/** A device in QEMU's own tree. */
export type DeviceNode = {
	/** QEMU's device type, e.g. `scsi-hd`. */
	readonly type: string;
	readonly id: string;
	readonly properties: ReadonlyMap<string, string>;
	/** Everything attached to this device's buses. */
	readonly children: readonly DeviceNode[];
};

/**
 * Reads the monitor's `info qtree`: two spaces of indentation a level, `dev: TYPE, id "ID"`, `bus: NAME`, `name = value`.
 * Lines it does not know are left out.
 */
export const parseDeviceTree = (text: string): readonly DeviceNode[] => {
	const roots: MutableNode[] = [];
	const open: Array<{readonly indent: number; readonly node: MutableNode}> = [];
	for (const line of text.split('\n')) {
		const indent = line.length - line.trimStart().length;
		const device = /^dev: (?<type>[^,]+), id "(?<id>.*)"$/v.exec(line.trim());
		if (device?.groups === undefined) {
			addProperty(open.at(-1)?.node, line.trim());
			continue;
		}

		while (open.length > 0 && (open.at(-1)?.indent ?? 0) >= indent) {
			open.pop();
		}

		const node: MutableNode = {
			type: device.groups['type'] ?? '',
			id: device.groups['id'] ?? '',
			properties: new Map(),
			children: [],
		};
		(open.at(-1)?.node.children ?? roots).push(node);
		open.push({indent, node});
	}

	return roots;
};

/** All devices of a type, wherever they are. */
export const devicesOfType = (tree: readonly DeviceNode[], type: string): readonly DeviceNode[] =>
	tree.flatMap((node) => [...(node.type === type ? [node] : []), ...devicesOfType(node.children, type)]);

type MutableNode = DeviceNode & {readonly properties: Map<string, string>; readonly children: MutableNode[]};

const addProperty = (node: MutableNode | undefined, line: string): void => {
	const match = /^(?<name>[^ =]+) = (?<value>.*)$/v.exec(line);
	if (node !== undefined && match?.groups !== undefined) {
		node.properties.set(match.groups['name'] ?? '', match.groups['value'] ?? '');
	}
};
