/** How what came back differs from what was sent. */
export type EchoDifference =
	| {readonly kind: 'same'}
	/** Everything came, in order, with other bytes in between. */
	| {readonly kind: 'foreign'; readonly bytes: number}
	| {readonly kind: 'short'; readonly bytes: number}
	| {readonly kind: 'changed'; readonly at: number};

export const compareEcho = (sent: Buffer, received: Buffer): EchoDifference => {
	if (sent.equals(received)) {
		return {kind: 'same'};
	}

	// Found greedily: a subsequence is found if there is one, and of random bytes no other than the right one fits in.
	let matched = 0;
	for (const byte of received) {
		matched += byte === sent[matched] ? 1 : 0;
	}

	if (matched === sent.length) {
		return {kind: 'foreign', bytes: received.length - sent.length};
	}

	const at = received.findIndex((byte, index) => byte !== sent[index]);
	return at === -1 ? {kind: 'short', bytes: received.length} : {kind: 'changed', at};
};

/** The difference as a report says it. */
export const describeEcho = (difference: EchoDifference, sent: number): string => {
	switch (difference.kind) {
		case 'same': {
			return 'unchanged';
		}

		case 'foreign': {
			return `all there, among ${difference.bytes} other bytes`;
		}

		case 'short': {
			return `the first ${difference.bytes} of ${sent}, then nothing`;
		}

		case 'changed': {
			return `changed from byte ${difference.at} on`;
		}
	}
};
