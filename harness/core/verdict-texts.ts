import {type Verdict} from './verdict.ts';

/** What is written about a verdict. docs/exit-codes.md says it in these words. */
export const verdictTexts = {
	pass: {
		title: 'as required',
		means: 'observed as required, on every side that can observe it; never without evidence',
		next: 'Nothing.',
	},
	warn: {
		title: 'works, but not to the letter',
		means:
			'works, but differs from the letter in a way the policy names (=m where =y is asked for, and the driver was seen working)',
		next: 'Nothing has to be done. --strict turns it into fail.',
	},
	fail: {
		title: 'wrong',
		means: 'observed, and wrong',
		next: 'The report has the evidence of both sides, and how to mend the image.',
	},
	skip: {
		title: 'not observed',
		means: 'cannot be observed on this host or this image; the reason is given. Never green',
		next: 'The reason says what is lacking; often another host, or bootwright doctor. --strict turns it into fail.',
	},
	error: {
		title: 'the host or the harness could not find out',
		means: 'the harness or the host could not find out; never blamed on the image',
		next: 'The reason says what broke. What this host lacks, and the command that mends it: bootwright doctor',
	},
} as const satisfies Readonly<Record<Verdict, {readonly title: string; readonly means: string; readonly next: string}>>;
