import {type ConsolePort} from '../console/port.ts';
import {type ExpectResult, type Pattern} from '../console/expectation.ts';
import {startTimer} from '../core/clock.ts';
import {Deadline} from '../core/deadline.ts';

/** A login prompt as getty, agetty and login write it; "Last login: …" is none. It ends what was received, or a kernel message cut in. */
export const loginPrompt = /(?<![\w-])(?<!last )login: ?(?=$|\[ *\d+\.\d+\])/i;

/** A shell's prompt for root or a user: the end of what was received. The boot loader's end in ">" and are none. */
export const shellPrompt = /(?:^|\n)[^\n]{0,200}[#$%] $/;

/**
 * Waits for one of some patterns.
 * @returns undefined when not one byte came for `quietMs`, wherever the text stands
 * @throws as ConsolePort.expect
 */
export const expectOrQuiet = async (
	port: ConsolePort,
	patterns: readonly Pattern[],
	{deadline, quietMs, from}: {readonly deadline: Deadline; readonly quietMs: number; readonly from?: number},
): Promise<ExpectResult | undefined> => {
	const silence = new AbortController();
	const quiet = new Error('quiet');
	const arm = () => startTimer(quietMs, () => silence.abort(quiet));
	let timer = arm();
	using _listening = port.onBytes(() => {
		timer.cancel();
		timer = arm();
	});
	using own = new Deadline({
		phase: deadline.phase,
		budgetMs: Infinity,
		signal: AbortSignal.any([deadline.signal, silence.signal]),
	});
	try {
		return await port.expect(patterns, own, from === undefined ? {} : {from});
	} catch (error) {
		if (error === quiet) {
			return undefined;
		}

		throw error;
	} finally {
		timer.cancel();
	}
};

export type Wait = {
	readonly port: ConsolePort;
	readonly pattern: Pattern;
	readonly from: number;
	/** As a message about its absence says it. */
	readonly what?: string;
};

/** Waits for the first of some patterns, each on its own port and from its own place on. */
export const expectFirst = async <W extends Wait>(waits: readonly W[], deadline: Deadline): Promise<W> => {
	const done = new AbortController();
	using own = new Deadline({
		phase: deadline.phase,
		budgetMs: Infinity,
		signal: AbortSignal.any([deadline.signal, done.signal]),
	});
	const running = waits.map(async (wait) => {
		await wait.port.expect(wait.pattern, own, {from: wait.from, ...(wait.what !== undefined && {what: wait.what})});
		return wait;
	});
	try {
		return await Promise.race(running);
	} finally {
		done.abort(new Error('another came first'));
		await Promise.allSettled(running);
	}
};
