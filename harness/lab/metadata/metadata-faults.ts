import type {ServerResponse} from 'node:http';

/** How the server misbehaves when it is told to: what a boot and the ways in must survive. */
export type MetadataFault =
	| {readonly kind: 'none'}
	/** Accepts, reads, never answers. */
	| {readonly kind: 'hang'}
	/** Answers every request with that status and a page. */
	| {readonly kind: 'error'; readonly status: number}
	/** Answers every request with that many bytes of a text, streamed; 1 GB is the usual measure. */
	| {readonly kind: 'flood'; readonly bytes: number};

/**
 * Answers in place of the server.
 * @returns false when the server shall answer itself
 */
export const misbehave = (fault: MetadataFault, response: ServerResponse): boolean => {
	switch (fault.kind) {
		case 'none': {
			return false;
		}

		case 'hang': {
			return true;
		}

		case 'error': {
			response
				.writeHead(fault.status, {'Content-Type': 'text/html; charset=UTF-8'})
				.end(`<title>${fault.status}</title>\n`);
			return true;
		}

		case 'flood': {
			response.writeHead(200, {'Content-Type': 'application/text', 'Content-Length': fault.bytes});
			flood(response, fault.bytes);
			return true;
		}
	}
};

/** Never holds more than the socket takes; ends early when the guest has gone. */
const flood = (response: ServerResponse, bytes: number): void => {
	let left = bytes;
	const more = (): void => {
		while (left > 0 && !response.destroyed) {
			const part = piece.subarray(0, left);
			left -= part.length;
			if (!response.write(part)) {
				return;
			}
		}

		response.end();
	};

	response.on('drain', more);
	more();
};

const piece = Buffer.alloc(64 * 1024, 'a');
