import {type ConsoleProblem} from '../core/events.ts';
import {type Message} from './messages.ts';
import {fatalRules} from './rules/fatal.ts';
import {kernelRules} from './rules/kernel.ts';
import {noise} from './rules/noise.ts';
import {type AlarmRule} from './rules/rule.ts';
import {serviceRules} from './rules/services.ts';

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
	judge(messages: readonly Message[], offset: number, {prompt = false} = {}): FoundProblem | undefined {
		for (const {text, shown, stamped} of messages) {
			this.#stamped ||= stamped;
			if (blockEdges.some((edge) => text.includes(edge))) {
				this.#blockEnd = -1;
			}

			const rule = this.#ruleFor(text, stamped);
			const counts = rule !== undefined && (!prompt || rule.prompt === true) && this.#isNews(rule, offset);
			if (counts) {
				return {kind: rule.kind, severity: rule.severity, line: cut(shown), offset};
			}
		}

		return undefined;
	}

	#ruleFor(text: string, stamped: boolean): AlarmRule | undefined {
		const match = (stamped ? ofKernel : this.#stamped ? ofOthers : ofAnybody).exec(text);
		if (match === null || noise.some(({pattern}) => pattern.test(text))) {
			return undefined;
		}

		return alarmRules[match.findIndex((group: string | undefined, index) => index > 0 && group !== undefined) - 1];
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

/** One expression for many rules: group n is rule n - 1. */
const matcher = (speakers: ReadonlyArray<AlarmRule['speaker']>): RegExp =>
	new RegExp(
		`^(?:${alarmRules.map(({speaker, pattern}) => (speakers.includes(speaker) ? `(${pattern.source})` : '((?!))')).join('|')})`,
	);

const ofKernel = matcher(['kernel', 'anyone']);
const ofOthers = matcher(['anyone']);
const ofAnybody = matcher(['loader', 'kernel', 'anyone']);

const cut = (text: string): string => {
	// A surrogate pair is not cut in two.
	return text.length > shownCharacters ? `${text.slice(0, shownCharacters).replace(/[\uD800-\uDBFF]$/, '')}…` : text;
};
