import {createHash} from 'node:crypto';
import {errorPage} from './error-page.ts';
import {type MetadataNode, childOf, hasChildren} from './metadata-node.ts';
import {listing, nodeJson, recursiveText, valueText} from './render-node.ts';

/** What goes back. Only what was found has an ETag. */
export type MetadataAnswer = {
	readonly status: number;
	readonly contentType: string;
	readonly body: string;
	/** 16 hexadecimal digits; changes when the answered subtree does, whatever the format. */
	readonly etag?: string;
	readonly location?: string;
	readonly allow?: string;
};

export type LookUpOptions = {
	readonly recursive?: boolean;
	/** The query's `alt`; anything but `json` and `text` means what is usual for the resource. */
	readonly alt?: string | undefined;
	/** Appended to a redirection, with its question mark. */
	readonly search?: string;
};

/**
 * One resource of the tree: values as text, directories as listings, recursively as JSON or lines; 301 to the path with a slash,
 * 404 and 403 as the cloud's pages.
 *
 * Empty segments are passed over: google-guest-agent 20211116 (Debian 12) asks for `/computeMetadata/v1//?recursive=true…`
 * (google_guest_agent/metadata.go joins `…/v1/` and `/?recursive=true`), and in the cloud that works.
 * @param path decoded, from the root on
 */
export const lookUp = (tree: MetadataNode, path: string, options: LookUpOptions = {}): MetadataAnswer => {
	const segments = path.split('/').filter((segment) => segment !== '');
	let node: MetadataNode | undefined = tree;
	for (const segment of segments) {
		node &&= childOf(node, segment);
	}

	if (node === undefined) {
		return errorPage(404, path);
	}

	if (node.kind === 'closed') {
		return refused(node.why, path);
	}

	const slash = path.endsWith('/');
	if (!hasChildren(node)) {
		return slash ? errorPage(404, path) : value(node, options.alt);
	}

	if (!slash && segments.length > 0) {
		return moved(segments, options.search ?? '');
	}

	// Above v1 there is nothing but names: `/` needs no header and must not give anything away.
	return options.recursive === true && segments.length > 1
		? recursively(node, options.alt)
		: names(node, path, options);
};

/** The values under the wanted names are hashed, not their rendering: `alt` does not change the ETag. */
const etagOf = (content: string): string => createHash('sha256').update(content).digest('hex').slice(0, 16);

const refused = (why: 'legacy' | 'guest-attributes', path: string): MetadataAnswer =>
	why === 'legacy'
		? errorPage(403, path, 'Legacy metadata endpoints are disabled. Please use the /v1/ endpoint.')
		: // Not a page: clients compare the sentence.
			{status: 403, contentType: 'application/text', body: 'Guest attributes endpoint access is disabled.\n'};

const value = (node: MetadataNode, alt: string | undefined): MetadataAnswer => {
	const json = nodeJson(node);
	const asJson = alt === 'json' || (alt !== 'text' && node.kind === 'list' && node.usually === 'json');
	return {...found(asJson ? json : valueText(node), asJson), etag: etagOf(json)};
};

const recursively = (node: MetadataNode, alt: string | undefined): MetadataAnswer => {
	const json = nodeJson(node);
	return {...found(alt === 'text' ? recursiveText(node) : json, alt !== 'text'), etag: etagOf(json)};
};

/** A listing has one format; to ask for another is an error (the Python emulator of this server that bears Google's copyright of 2016, MetadataValue.prepareResult). */
const names = (node: MetadataNode, path: string, {alt}: LookUpOptions): MetadataAnswer => {
	if (alt !== undefined) {
		return errorPage(400, path);
	}

	const body = listing(node);
	return {...found(body, false), etag: etagOf(body)};
};

const found = (body: string, json: boolean): MetadataAnswer => ({
	status: 200,
	contentType: json ? 'application/json' : 'application/text',
	body,
});

/** A path of our own making: what the guest wrote as its host or as a second slash never decides where it is sent. */
const moved = (segments: readonly string[], search: string): MetadataAnswer => {
	const location = `/${segments.map((segment) => encodeURIComponent(segment)).join('/')}/${search}`;
	return {status: 301, contentType: 'text/html; charset=UTF-8', body: '<title>301 Moved</title>\n', location};
};
