import {errorTexts} from '../../core/error-codes.ts';
import {type ErrorCode, exitCodes, signalExitCodes} from '../../core/errors.ts';
import {type ExitMeaning, bisectMeaning, exitMeanings, exitPrecedence} from '../../core/exit-codes.ts';
import {failureTexts} from '../../core/guest-failures.ts';
import {runRow, unproved} from '../../core/run-row.ts';
import {verdictTexts} from '../../core/verdict-texts.ts';
import {type Subject, plainSubject} from './subject.ts';

/** Everything that a row, a run or the program can come to. */
export const endingSubjects = (): readonly Subject[] => [
	...verdictSubjects(),
	...runSubjects(),
	...failureSubjects(),
	...errorSubjects(),
	...exitSubjects(),
];

const verdictSubjects = (): readonly Subject[] =>
	Object.entries(verdictTexts).map(([id, {title, means, next}]) =>
		plainSubject({
			kind: 'verdict',
			id,
			title,
			heading: 'Verdict of a row',
			entries: [
				['means', means],
				['next', next],
			],
		}),
	);

const runSubjects = (): readonly Subject[] =>
	[
		{...runRow, kind: 'run', heading: 'The line of a report that tells of the run itself'},
		{...unproved, kind: 'run-error', heading: `Error of the line "${runRow.id}"`},
	].map(({means, next, ...about}) =>
		plainSubject({
			...about,
			entries: [
				['means', means],
				['next', next],
			],
		}),
	);

/** The ways in which a guest is given up for dead. */
const failureSubjects = (): readonly Subject[] =>
	Object.entries(failureTexts).map(([id, {title, seen, fix}]) =>
		plainSubject({
			kind: 'guest-failure',
			id,
			title,
			heading: 'How a guest ends: failure.kind of result.json',
			entries: [
				['seen', seen],
				['fix', fix],
				['exit', `${exitCodes.guest}; 1 where somebody had a shell before that`],
			],
		}),
	);

/** The errors, by who has to act. */
const errorSubjects = (): readonly Subject[] =>
	Object.entries(errorTexts).map(([id, {title, means, next}]) =>
		plainSubject({
			kind: 'error',
			id,
			title,
			heading: 'Error code',
			entries: [
				['means', means],
				['next', next],
				['exit', exitsOf(id as ErrorCode).join(', ')],
			],
		}),
	);

/** The exit codes of the program. */
const exitSubjects = (): readonly Subject[] =>
	[...exitMeanings, bisectMeaning].flatMap(({codes, title, means, next}: ExitMeaning) =>
		codes.map((code) =>
			plainSubject({
				kind: 'exit-code',
				id: String(code),
				title,
				heading: 'Exit code',
				entries: [
					['means', means],
					['next', next],
					['errors', errorsOf(code)],
					['order', exitPrecedence],
				],
			}),
		),
	);

const exitsOf = (code: ErrorCode): readonly number[] =>
	code === 'interrupted' ? Object.values(signalExitCodes) : [exitCodes[code]];

const errorsOf = (exit: number): string | undefined => {
	const codes = Object.keys(errorTexts).filter((code) => exitsOf(code as ErrorCode).includes(exit));
	return codes.length === 0 ? undefined : codes.join(' ');
};
