import type {IncomingMessage} from 'node:http';
import {largestValue} from './guest-attributes.ts';

export const tooLarge = Symbol('too large');

/**
 * The body of a request as text.
 * @returns `tooLarge` above the largest value a guest attribute may have, undefined when the client left in the middle
 */
export const readBody = async (request: IncomingMessage): Promise<string | typeof tooLarge | undefined> => {
	if (Number(request.headers['content-length'] ?? 0) > largestValue) {
		return tooLarge;
	}

	const parts: Buffer[] = [];
	let size = 0;
	try {
		const chunks = request.iterator({destroyOnReturn: false}) as AsyncIterable<Buffer>;
		for await (const part of chunks) {
			size += part.length;
			if (size > largestValue) {
				return tooLarge;
			}

			parts.push(part);
		}
	} catch {
		return undefined;
	}

	return Buffer.concat(parts).toString();
};
