import type {IncomingMessage} from 'node:http';
import {errorPage} from './error-page.ts';
import type {MetadataAnswer} from './look-up.ts';

/** A request that may be answered, or the refusal. */
export type ReadRequest =
	| {readonly kind: 'refused'; readonly answer: MetadataAnswer}
	| {
			readonly kind: 'wanted';
			/** Decoded; begins with a slash. */
			readonly path: string;
			readonly recursive: boolean;
			readonly alt: string | undefined;
			/** The query as it came, with its question mark; empty without one. */
			readonly search: string;
			/** Set when the client wants to wait. */
			readonly wait: WaitWish | undefined;
	  };

export type WaitWish = {
	/** The version the client has; undefined: whatever is there now. */
	readonly lastEtag: string | undefined;
	/** `Infinity` without a limit. */
	readonly timeoutMs: number;
};

/** More than any client sends; Node itself would drop the rest in silence, and X-Forwarded-For with it. */
export const mostHeaders = 100;

/**
 * Target and headers of one request, in the order the cloud looks at them: a forwarded request is refused before anything else; then
 * `Metadata-Flavor: Google` is demanded everywhere but at `/` and at the legacy endpoints, whose refusal says more.
 * `X-Google-Metadata-Request: True` is its older name, which scripts still send (kubernetes, cluster/gce/gci/configure.sh).
 * Sources: Compute Engine, "View and query VM metadata" (headers, `wait_for_change`, `last_etag`, `timeout_sec`);
 * RFC 9112 section 3.2 (forms of the target).
 */
export const readRequest = ({url = '', headers, rawHeaders}: IncomingMessage): ReadRequest => {
	const target = readTarget(url);
	const path = target?.path ?? url;
	if (rawHeaders.length / 2 > mostHeaders) {
		return {kind: 'refused', answer: errorPage(431, path)};
	}

	if (headers['x-forwarded-for'] !== undefined) {
		return {kind: 'refused', answer: errorPage(403, path)};
	}

	if (target === undefined) {
		return {kind: 'refused', answer: errorPage(400, path)};
	}

	if (!isGoogle(headers) && !needsNoHeader(path)) {
		return {kind: 'refused', answer: errorPage(403, path, 'Missing Metadata-Flavor:Google header.')};
	}

	const query = new URLSearchParams(target.search);
	return {
		kind: 'wanted',
		path,
		search: target.search,
		// cloud-init writes `True`.
		recursive: isTrue(query.get('recursive')),
		alt: query.get('alt') ?? undefined,
		wait: isTrue(query.get('wait_for_change'))
			? {lastEtag: query.get('last_etag') ?? undefined, timeoutMs: timeoutMs(query.get('timeout_sec'))}
			: undefined,
	};
};

/** Not `new URL()`, which resolves `..` before anybody can refuse it. */
const readTarget = (url: string): {readonly path: string; readonly search: string} | undefined => {
	const origin = /^https?:\/\/[^/?#]*/iu.exec(url)?.[0] ?? '';
	const [raw = '', ...rest] = url.slice(origin.length).split('?');
	try {
		const path = decodeURIComponent(raw === '' ? '/' : raw);
		// eslint-disable-next-line no-control-regex -- control characters are what is looked for
		const bad = !path.startsWith('/') || /[\u0000-\u001F\u007F]/u.test(path);
		return bad ? undefined : {path, search: rest.length === 0 ? '' : `?${rest.join('?')}`};
	} catch {
		return undefined;
	}
};

const isGoogle = (headers: IncomingMessage['headers']): boolean =>
	headers['metadata-flavor'] === 'Google' || headers['x-google-metadata-request'] === 'True';

const needsNoHeader = (path: string): boolean => path === '/' || /^\/(0\.1|computeMetadata\/v1beta1)(\/|$)/u.test(path);

const isTrue = (value: string | null): boolean => value?.toLowerCase() === 'true';

const timeoutMs = (value: string | null): number =>
	value !== null && /^\d{1,7}$/u.test(value) ? Number(value) * 1000 : Infinity;
