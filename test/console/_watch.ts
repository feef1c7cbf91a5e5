import {type BootPhase, type ConsoleProblem} from '../../harness/core/events.ts';
import {type BytesListener} from '../../harness/console/port.ts';
import {watchConsole} from '../../harness/console/watch-console.ts';

export type Seen = {
	readonly problems: readonly ConsoleProblem[];
	readonly phases: ReadonlyArray<{readonly phase: BootPhase; readonly line: string}>;
};

/** What a watch tells of these bytes, the port being closed at once after the last piece. */
export const watchPieces = (pieces: readonly Buffer[]): Seen => {
	const problems: ConsoleProblem[] = [];
	const phases: Array<{phase: BootPhase; line: string}> = [];
	let listen: BytesListener | undefined;
	const port = {
		name: 'ttyS0' as const,
		onBytes(listener: BytesListener): Disposable {
			listen = listener;
			return {[Symbol.dispose]: () => undefined};
		},
	};
	using _ = watchConsole(port, {
		onProblem: (problem) => void problems.push(problem),
		onPhase: (phase, line) => void phases.push({phase, line}),
	});
	for (const piece of pieces) {
		listen?.(piece, 0);
	}

	return {problems, phases};
};

/** Kind and line of each problem. */
export const problemsOf = (text: string): ReadonlyArray<readonly [kind: string, line: string]> =>
	watchPieces([Buffer.from(text)]).problems.map(({kind, line}) => [kind, line]);
