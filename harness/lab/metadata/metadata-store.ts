import {errorPage} from './error-page.ts';
import {
	type GuestAttributeName,
	type GuestAttributes,
	guestAttributeName,
	withGuestAttribute,
	withoutGuestAttribute,
} from './guest-attributes.ts';
import {type MetadataAnswer, lookUp} from './look-up.ts';
import type {MetadataData} from './metadata-data.ts';
import type {MetadataNode} from './metadata-node.ts';
import {guestAttributesEnabled, metadataTree} from './metadata-tree.ts';

/** What the server knows: the data of the scenario and what the guest wrote. Changes in place; whoever changes it tells the waiting clients. */
export class MetadataStore {
	#data: MetadataData;
	#guestAttributes: GuestAttributes = new Map();
	#tree: MetadataNode;

	constructor(data: MetadataData) {
		this.#data = data;
		this.#tree = metadataTree(data, this.#guestAttributes);
	}

	get tree(): MetadataNode {
		return this.#tree;
	}

	get guestAttributes(): GuestAttributes {
		return this.#guestAttributes;
	}

	/** What the guest wrote stays. */
	update(data: MetadataData): void {
		this.#data = data;
		this.#tree = metadataTree(data, this.#guestAttributes);
	}

	/**
	 * PUT and DELETE, which guest attributes alone take.
	 * @param value undefined deletes
	 */
	write(path: string, value: string | undefined): MetadataAnswer {
		const guarded = writable(path);
		if (!guarded) {
			return {...errorPage(405, path), allow: 'GET, HEAD'};
		}

		const name = guestAttributeName(path);
		if (!guestAttributesEnabled(this.#data)) {
			return lookUp(this.#tree, path);
		}

		return name === undefined ? errorPage(400, path) : this.#writeNamed(path, name, value);
	}

	#writeNamed(path: string, name: GuestAttributeName, value: string | undefined): MetadataAnswer {
		const changed =
			value === undefined
				? withoutGuestAttribute(this.#guestAttributes, name)
				: withGuestAttribute(this.#guestAttributes, name, value);
		if (changed === undefined) {
			return errorPage(value === undefined ? 404 : 400, path);
		}

		this.#guestAttributes = changed;
		this.#tree = metadataTree(this.#data, changed);
		return {status: 200, contentType: 'application/text', body: ''};
	}
}

/** Whether a path is one of the guest's own: nothing else of the tree can be written. */
export const writable = (path: string): boolean =>
	/^\/+computeMetadata\/+v1\/+instance\/+guest-attributes(\/|$)/u.test(path);
