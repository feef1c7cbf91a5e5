import {type ConsoleProblem} from '../core/events.ts';
import {fatalRules} from './rules/fatal.ts';
import {kernelRules} from './rules/kernel.ts';
import {noise} from './rules/noise.ts';
import {type AlarmRule} from './rules/rule.ts';
import {serviceRules} from './rules/services.ts';
import {level, stamp} from './rules/stamp.ts';

/** All alarms, the graver first. */
export const alarmRules: readonly AlarmRule[] = [...fatalRules, ...kernelRules, ...serviceRules];
/** Where one block of lines about one event ends, and another may begin. */
export const blockEdges = ['---[ end trace', '---[ end Kernel panic', '---[ cut here ]'] as const;

/** So many problems of one kind are told; who needs more reads the log. A guest that oopses for ever must not fill the report. */
const toldPerKind = 20;
/** Longest line in a problem, in characters. */
const shownCharacters = 300;
/** Longest block (a dump of all CPUs): a line after that tells of another event. */
const blockBytes = 16 * 1024;

export type FoundProblem = Omit<ConsoleProblem, 'port'>;

/**
 * Tells the problems in the lines of one port. What it holds is a few numbers, however much a guest complains:
 * of each kind the first 20 problems are told, of a fatal kind one each time the guest starts.
 */
export class LineJudge {
	/** The kernel stamps its lines: what bears no stamp was said by something else. */
	#stamped = false;
	#blockEnd = -1;
	readonly #told = new Map<string, number>();
	#fatal = new Set<string>();

	/** The guest starts anew. */
	restart(): void {
		this.#stamped = false;
		this.#blockEnd = -1;
		this.#fatal.clear();
	}

	/** @param prompt the line has not ended, and nothing follows it */
	judge(line: string, offset: number, {prompt = false} = {}): FoundProblem | undefined {
		this.#stamped ||= stampedLine.test(line);
		if (blockEdges.some((edge) => line.includes(edge))) {
			this.#blockEnd = -1;
		}

		const match = (this.#stamped ? ofStamped : ofUnstamped).exec(line);
		const rule =
			match === null
				? undefined
				: alarmRules[match.findIndex((group: string | undefined, index) => index > 0 && group !== undefined) - 1];
		if (
			match === null ||
			rule === undefined ||
			(prompt && rule.prompt !== true) ||
			noise.some(({pattern}) => pattern.test(line))
		) {
			return undefined;
		}

		return this.#isNews(rule, offset)
			? {kind: rule.kind, severity: rule.severity, line: shown(line.slice(match.index)), offset}
			: undefined;
	}

	#isNews({kind, severity, block}: AlarmRule, offset: number): boolean {
		if (severity === 'fatal') {
			const isNew = !this.#fatal.has(kind);
			this.#fatal.add(kind);
			return isNew;
		}

		const open = offset < this.#blockEnd;
		if (block === 'opens' || (block === 'follows' && !open)) {
			this.#blockEnd = offset + blockBytes;
		}

		const told = this.#told.get(kind) ?? 0;
		if ((block === 'follows' && open) || told >= toldPerKind) {
			return false;
		}

		this.#told.set(kind, told + 1);
		return true;
	}
}

const stampedLine = new RegExp(`^${stamp}`);

/** One expression for all rules: group n is rule n - 1. */
const matcher = (startOf: (rule: AlarmRule) => string): RegExp =>
	new RegExp(alarmRules.map((rule) => `(${startOf(rule)}(?:${rule.pattern.source}))`).join('|'));

/** The kernel also speaks in the middle of a line: it does not wait until a program has finished its own. */
const anywhere = `(?:^${level}|${stamp})`;
// Missing a panic is worse than taking a program's word for one.
const ofStamped = matcher(({speaker, severity}) => (speaker === 'kernel' && severity !== 'fatal' ? stamp : anywhere));
const ofUnstamped = matcher(() => anywhere);

const shown = (line: string): string => {
	const text = line.trimEnd();
	// A surrogate pair is not cut in two.
	return text.length > shownCharacters ? `${text.slice(0, shownCharacters).replace(/[\uD800-\uDBFF]$/, '')}…` : text;
};
