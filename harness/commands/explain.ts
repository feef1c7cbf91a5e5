import {UsageError} from '../core/errors.ts';
import {matchesGlob} from '../core/glob.ts';
import {didYouMean} from '../core/nearest.ts';
import {layoutOf} from '../report/layout.ts';
import {wantsColor} from '../report/wants-color.ts';
import type {CommandContext} from './command.ts';
import {type Subject, renderSubject} from './explain/subject.ts';
import {loadOthers, loadRequirements} from './explain/subjects.ts';

/**
 * `bootwright explain ID`: what is required, why, how it is seen, how to mend an image that fails; likewise scenarios, profiles,
 * reference images, test kernels, mutants, verdicts, ways in which a guest or a run ends, problems on consoles, error and exit codes. A
 * pattern explains all that match.
 */
export const run = async (
	{stdout, env}: CommandContext,
	{json = false}: {readonly json?: boolean},
	id: string,
): Promise<number> => {
	const wanted = await chosen(id);
	if (json) {
		const shown = wanted.map((subject) => subject.json);
		stdout.write(`${JSON.stringify(shown.length === 1 ? shown[0] : shown, undefined, 2)}\n`);
	} else {
		const layout = layoutOf({width: stdout.columns, color: wantsColor(stdout, env)});
		stdout.write(wanted.map((subject) => `${renderSubject(subject, layout)}\n`).join('\n'));
	}

	return 0;
};

/** A pattern means requirements where it matches any: `*` alone is not asked for hundreds of mutants. */
const chosen = async (pattern: string): Promise<readonly Subject[]> => {
	const known: string[] = [];
	for (const load of [loadRequirements, loadOthers]) {
		const subjects = await load();
		const matching = subjects.filter((subject) => wordsFor(subject).some((word) => matchesGlob(pattern, word)));
		if (matching.length > 0) {
			return matching;
		}

		known.push(...subjects.flatMap((subject) => wordsFor(subject)));
	}

	throw new UsageError(`There is nothing to explain by the name "${pattern}".${didYouMean(pattern, new Set(known))}`, {
		hint: pattern.startsWith('custom.')
			? 'A row of your own is known to its scenario alone; reports call it by the title of that.'
			: 'An id of "bootwright list", a test kernel, a verdict, the kind of a failure or console problem, an error or exit code.',
	});
};

const wordsFor = ({id, alias}: Subject): readonly string[] => (alias === undefined ? [id] : [id, alias]);
