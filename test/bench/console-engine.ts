import path from 'node:path';
import {monotonicMs} from '../../harness/core/clock.ts';
import {Deadline} from '../../harness/core/deadline.ts';
import {PortClosedError} from '../../harness/console/expect.ts';
import {ConsolePort} from '../../harness/console/port.ts';
import {watchConsole} from '../../harness/console/watch-console.ts';
import {type EngineRun} from './console-engine-run.ts';

/**
 * A process that does with one port what a run does with four, until the port closes: transcript, alarms, phases and, where a
 * text is given, a wait for it. Prints an `EngineRun` as JSON.
 * Arguments: SOCKET, DIRECTORY for the transcript, TEXT or nothing.
 */
const [socketPath = '', directory = '', text = ''] = process.argv.slice(2);
const counts = {problems: 0, starts: 0};
const startedAt = monotonicMs();
const port = await ConsolePort.connect({
	name: 'ttyS0',
	socketPath,
	logPath: path.join(directory, 'console.log'),
	timingPath: path.join(directory, 'console.timing'),
});
using _ = watchConsole(port, {
	onProblem() {
		counts.problems += 1;
	},
	onPhase(phase) {
		counts.starts += phase === 'kernel' ? 1 : 0;
	},
});
using deadline = new Deadline({phase: 'bench', budgetMs: Infinity});
const waiting = text === '' ? undefined : port.expect(text, deadline);
await port.closed;
const run: EngineRun = {
	...counts,
	seconds: (monotonicMs() - startedAt) / 1000,
	bytes: port.received,
	peakMiB: process.resourceUsage().maxRSS / 1024,
};
await waiting?.catch((error: unknown) => {
	if (!(error instanceof PortClosedError)) {
		throw error;
	}
});
console.log(JSON.stringify(run));
