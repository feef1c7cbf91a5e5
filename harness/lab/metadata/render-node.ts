import {type MetadataNode, hasChildren} from './metadata-node.ts';

/** The names in a directory, one a line, those of directories with a slash. */
export const listing = (node: MetadataNode): string => {
	switch (node.kind) {
		case 'directory': {
			return lines([...node.children].map(([name, child]) => (hasChildren(child) ? `${name}/` : name)));
		}

		case 'array': {
			return lines(node.items.map((item, index) => (hasChildren(item) ? `${index}/` : String(index))));
		}

		case 'closed':
		case 'text':
		case 'number':
		case 'list': {
			return '';
		}
	}
};

/** A value alone: the text itself, without a line feed at its end; lists have one after every item. */
export const valueText = (node: MetadataNode): string => {
	switch (node.kind) {
		case 'text': {
			return node.value;
		}

		case 'number': {
			return node.digits;
		}

		case 'list': {
			return lines(node.items);
		}

		case 'directory':
		case 'array':
		case 'closed': {
			return '';
		}
	}
};

/** `recursive=true&alt=text`: a line `path value` for each value and each item of a list. */
export const recursiveText = (node: MetadataNode, prefix = ''): string => {
	const below = (name: string | number, child: MetadataNode): string =>
		isApart(child) ? '' : recursiveText(child, prefix === '' ? String(name) : `${prefix}/${name}`);
	switch (node.kind) {
		case 'directory': {
			return [...node.children].map(([name, child]) => below(name, child)).join('');
		}

		case 'array': {
			return node.items.map((item, index) => below(index, item)).join('');
		}

		case 'list': {
			return lines(node.items.map((item) => `${prefix} ${item}`));
		}

		case 'text':
		case 'number': {
			return `${prefix} ${valueText(node)}\n`;
		}

		case 'closed': {
			return '';
		}
	}
};

/** JSON without spaces. Written by hand, because ids are numbers that JavaScript cannot hold. */
export const nodeJson = (node: MetadataNode): string => {
	switch (node.kind) {
		case 'text': {
			return JSON.stringify(node.value);
		}

		case 'number': {
			return node.digits;
		}

		case 'list': {
			return JSON.stringify(node.items);
		}

		case 'array': {
			return `[${node.items.map((item) => nodeJson(item)).join(',')}]`;
		}

		case 'directory': {
			const members = [...node.children].map(([name, child]) => {
				const key = node.keys === 'ours' ? camelCase(name) : name;
				return `${JSON.stringify(key)}:${isApart(child) ? '{}' : nodeJson(child)}`;
			});
			return `{${members.join(',')}}`;
		}

		case 'closed': {
			return '{}';
		}
	}
};

const lines = (items: readonly string[]): string => items.map((item) => `${item}\n`).join('');

const isApart = (node: MetadataNode): boolean => node.kind === 'directory' && node.apart;

/** `network-interfaces` → `networkInterfaces`. */
const camelCase = (name: string): string =>
	name.replaceAll(/-([a-z])/gu, (_match, letter: string) => letter.toUpperCase());
