import {errorTexts} from '../../core/error-codes.ts';
import {type ErrorCode, exitCodes, signalExitCodes} from '../../core/errors.ts';
import {type ExitMeaning, bisectMeaning, exitMeanings, exitPrecedence} from '../../core/exit-codes.ts';
import {failureTexts} from '../../core/guest-failures.ts';
import {runRow, unproved} from '../../core/run-row.ts';
import {verdictTexts} from '../../core/verdict-texts.ts';
import {type Entry, type Subject, plainSubject} from './subject.ts';

/** Everything that a row, a run or the program can come to. */
export const endingSubjects = (): readonly Subject[] => [
	...verdictSubjects(),
	...runSubjects(),
	...failureSubjects(),
	...errorSubjects(),
	...exitSubjects(),
];

const verdictSubjects = (): readonly Subject[] =>
	Object.entries(verdictTexts).map(([id, about]) =>
		plainSubject({
			kind: 'verdict',
			id,
			title: about.title,
			heading: 'Verdict of a row',
			entries: meansAndNext(about),
		}),
	);

const runSubjects = (): readonly Subject[] =>
	[
		{...runRow, kind: 'run', heading: 'The line of a report that tells of the run itself'},
		{...unproved, kind: 'run-error', heading: `Error of the line "${runRow.id}"`},
	].map(({kind, id, title, heading, ...about}) =>
		plainSubject({
			kind,
			id,
			title,
			heading,
			entries: meansAndNext(about),
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
	Object.entries(errorTexts).map(([id, about]) =>
		plainSubject({
			kind: 'error',
			id,
			title: about.title,
			heading: 'Error code',
			entries: [...meansAndNext(about), ['exit', exitsOf(id as ErrorCode).join(', ')]],
		}),
	);

/** The exit codes of the program. */
const exitSubjects = (): readonly Subject[] =>
	[...exitMeanings, bisectMeaning].flatMap((about: ExitMeaning) =>
		about.codes.map((code) =>
			plainSubject({
				kind: 'exit-code',
				id: String(code),
				title: about.title,
				heading: 'Exit code',
				entries: [...meansAndNext(about), ['errors', errorsOf(code)], ['order', exitPrecedence]],
			}),
		),
	);

const meansAndNext = ({means, next}: {readonly means: string; readonly next: string}): readonly Entry[] => [
	['means', means],
	['next', next],
];

const exitsOf = (code: ErrorCode): readonly number[] =>
	code === 'interrupted' ? Object.values(signalExitCodes) : [exitCodes[code]];

const errorsOf = (exit: number): string | undefined => {
	const codes = Object.keys(errorTexts).filter((code) => exitsOf(code as ErrorCode).includes(exit));
	return codes.length === 0 ? undefined : codes.join(' ');
};
