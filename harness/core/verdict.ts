/** The five words a requirement can be judged with, from spec to report. */
export const verdicts = ['pass', 'warn', 'fail', 'skip', 'error'] as const;
export type Verdict = (typeof verdicts)[number];

/** Who saw it: the candidate itself, or the emulated machine around it. */
export type Side = 'guest' | 'host';

/** What was seen, by whom, against what was required. */
export type Evidence = {
	readonly side: Side;
	readonly what: string;
	readonly expected: string;
	readonly observed: string;
	readonly holds: boolean;
};

/** One requirement's verdict. A pass without evidence cannot be written down. */
export type Judgement =
	| {
			readonly verdict: 'pass';
			readonly reason: string;
			readonly evidence: readonly [Evidence, ...Evidence[]];
			readonly fix?: never;
	  }
	| {
			readonly verdict: 'warn' | 'fail';
			readonly reason: string;
			readonly evidence: readonly Evidence[];
			/** How to mend this image; where absent, the catalogue's general advice holds. */
			readonly fix?: string | undefined;
	  }
	| {
			readonly verdict: 'skip' | 'error';
			readonly reason: string;
			readonly evidence: readonly Evidence[];
			/** The command that makes it observable. */
			readonly fix?: string | undefined;
	  };

/** Evidence that holds exactly when what was seen equals what was expected. */
export const equal = (
	side: Side,
	what: string,
	values: {readonly expected: string | number; readonly observed: string | number | undefined},
): Evidence => ({
	side,
	what,
	expected: String(values.expected),
	observed: values.observed === undefined ? 'absent' : String(values.observed),
	holds: values.observed !== undefined && String(values.observed) === String(values.expected),
});

/** Pass when every piece of evidence holds, fail when one does not, error when there is none. */
export const judgeEvidence = (evidence: readonly Evidence[], options: {readonly fix?: string} = {}): Judgement => {
	const [first, ...rest] = evidence;
	if (first === undefined) {
		return {verdict: 'error', reason: 'nothing was observed', evidence: []};
	}

	const broken = evidence.filter(({holds}) => !holds);
	if (broken.length === 0) {
		return {
			verdict: 'pass',
			reason: `${evidence.length} observation${evidence.length === 1 ? '' : 's'} as required`,
			evidence: [first, ...rest],
		};
	}

	const reason = broken
		.map(({side, what, expected, observed}) => `${what} is ${observed}, required ${expected} (${side})`)
		.join('; ');
	return {verdict: 'fail', reason, evidence, fix: options.fix};
};
