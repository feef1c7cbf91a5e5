import {alarmRules} from '../../console/judge-line.ts';
import {kindTexts} from '../../console/rules/kinds.ts';
import {type ConsoleProblem} from '../../core/events.ts';
import {type Subject, plainSubject} from './subject.ts';

/** What a line on a console can be told as. */
export const problemSubjects = (): readonly Subject[] =>
	[...Map.groupBy(alarmRules, ({kind}) => kind)].map(([kind, rules]) =>
		plainSubject({
			kind: 'console-problem',
			id: kind,
			title: kindTexts[kind],
			heading: 'Problem on a console',
			entries: [
				['severity', [...new Set(rules.map(({severity}) => weights[severity]))].join('\n')],
				['said by', rules.map(({source}) => source).join('\n')],
				['see', 'the line in the report, and what stands around it at its offset in the log of the port'],
				['docs', 'docs/troubleshooting.md'],
			],
		}),
	);

const weights = {
	fatal: 'fatal: the run ends at once',
	error: 'error: boot.console-clean fails',
	warning: 'warning: boot.console-clean warns',
} as const satisfies Record<ConsoleProblem['severity'], string>;
