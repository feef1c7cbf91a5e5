import {UsageError} from '../core/errors.ts';
import {matchesGlob} from '../core/glob.ts';
import {didYouMean} from '../core/nearest.ts';
import {layoutOf} from '../report/layout.ts';
import {wantsColor} from '../report/wants-color.ts';
import type {CommandContext} from './command.ts';
import {type Subject, renderSubject} from './explain/subject.ts';
import {loadSubjects} from './explain/subjects.ts';

/**
 * `bootwright explain ID`: what is required, why, how it is seen, how to mend an image that fails; likewise scenarios, mutants, ways
 * in which a guest ends, error and exit codes. A pattern explains all that match.
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
	const {requirements, others} = await loadSubjects();
	for (const subjects of [requirements, others]) {
		const matching = subjects.filter(({id}) => matchesGlob(pattern, id));
		if (matching.length > 0) {
			return matching;
		}
	}

	const known = new Set([...requirements, ...others].map(({id}) => id));
	throw new UsageError(`There is nothing to explain by the name "${pattern}".${didYouMean(pattern, known)}`, {
		hint: 'An id of "bootwright list", the kind of a failure, an error code, or an exit code.',
	});
};
