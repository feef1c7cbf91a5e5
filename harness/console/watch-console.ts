import {type Timer, startTimer} from '../core/clock.ts';
import {type BootPhase, type ConsoleProblem} from '../core/events.ts';
import {BootPhases} from './boot-phases.ts';
import {HotLines} from './hot-lines.ts';
import {LineJudge, alarmRules, blockEdges} from './judge-line.ts';
import {messagesIn} from './messages.ts';
import {type ConsolePort} from './port.ts';
import {firstKernelLine, handOver, phaseRules} from './rules/phases.ts';
import {TriggerScan} from './trigger-scan.ts';
import {type TriggerTables, triggerTables} from './trigger-tables.ts';

/** A line that has not ended and that nothing follows for this long is a prompt. */
const promptMs = 300;

export type ConsoleListener = {
	/**
	 * Each problem as soon as it is certain: a line at its end, a prompt when nothing follows it for 0.3 s, a block ("cut here" to
	 * "end trace") once, at its first telling line. At most 20 of a kind; a fatal kind once each time the guest starts.
	 */
	readonly onProblem: (problem: ConsoleProblem) => void;
	/** Each phase once each time the guest starts. */
	readonly onPhase: (phase: BootPhase, line: string) => void;
};

/** Disposing of it judges the unfinished last line and stops listening. */
export type ConsoleWatch = Disposable;

/**
 * Follows a port from now on: problems and boot phases, by the rules in harness/console/rules. A fixed cost for each byte;
 * memory for one line of 4 KiB, whatever the guest sends.
 */
export const watchConsole = (port: Pick<ConsolePort, 'name' | 'onBytes'>, listener: ConsoleListener): ConsoleWatch => {
	const judge = new LineJudge();
	const tell = (line: string, offset: number, options?: {readonly prompt: boolean}): void => {
		const messages = messagesIn(line);
		phases.saw(messages);
		const problem = judge.judge(messages, offset, options);
		if (problem !== undefined) {
			listener.onProblem({...problem, port: port.name});
		}
	};
	const phases = new BootPhases({onPhase: listener.onPhase, onRestart: () => judge.restart()});
	const tables = tablesOnce();
	const scans = {kernel: new TriggerScan(tables.kernel), other: new TriggerScan(tables.other)};
	const lines = new HotLines(scans.kernel, (line, offset) => {
		tell(line, offset);
		lines.use(phases.awaitsKernel ? scans.kernel : scans.other);
	});
	let timer: Timer | undefined;
	const onSilence = (): void => {
		phases.settle();
		lines.peek((line, offset) => tell(line, offset, {prompt: true}));
	};
	const listening = port.onBytes((chunk) => {
		lines.feed(chunk);
		timer?.cancel();
		timer = lines.waiting || phases.undecided ? startTimer(promptMs, onSilence) : undefined;
	});
	return {
		[Symbol.dispose]() {
			listening[Symbol.dispose]();
			timer?.cancel();
			phases.settle();
			lines.end();
		},
	};
};

/** Makes what the first watch needs, some 15 ms of work, at a moment when the program has nothing else to do. */
export const prepareWatch = (): void => void tablesOnce();

type Tables = {readonly kernel: TriggerTables; readonly other: TriggerTables};

const tablesOnce = (): Tables =>
	(tables ??= {kernel: triggerTables([...triggers, firstKernelLine.trigger]), other: triggerTables(triggers)});

/** Used by all. */
let tables: Tables | undefined;

/** One of these words stands in every line that any rule matches. */
export const triggers: readonly string[] = [
	...alarmRules.flatMap((rule) => rule.triggers),
	...blockEdges,
	...phaseRules.flatMap((rule) => rule.triggers),
	handOver.trigger,
	handOver.failed.trigger,
];
