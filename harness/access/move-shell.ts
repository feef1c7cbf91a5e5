import {randomBytes} from 'node:crypto';
import {type ConsolePort} from '../console/port.ts';
import {type Deadline} from '../core/deadline.ts';
import {announcementOf, lineOf, portShell, workPorts} from './port-shell.ts';
import {expectFirst} from './wait.ts';

/**
 * From a root shell on the kernel's console, starts another on the first other port that has a UART and that nobody reads from,
 * so that kernel messages never stand between the commands' output.
 * @returns the port on which it answered; the console's own where no other is free
 */
export const moveShell = async (
	from: ConsolePort,
	ports: readonly ConsolePort[],
	deadline: Deadline,
): Promise<ConsolePort> => {
	const others = workPorts.filter((name) => name !== from.name && ports.some((port) => port.name === name));
	const announcement = announcementOf(randomBytes(8).toString('hex'));
	const before = from.received;
	// Typed at a prompt: no tab (completion), no line that a line editor would cut. The leader of a new session gets the port as its terminal.
	const lines = portShell({
		ports: others,
		announcement,
		onlyFree: true,
		// The quotes are closed and opened again in the middle: the echo of this line must not look like the answer.
		otherwise: `{ echo st""ay ${announcement}; exit; }`,
	});
	await from.write(` $(command -v setsid) sh -c '${lines.join('\n')}' </dev/null &\n`);
	const waits = ports.flatMap((port) =>
		port === from
			? {port, pattern: `stay ${announcement}`, from: before}
			: others.includes(port.name)
				? {port, pattern: lineOf(announcement), from: 0}
				: [],
	);
	return (await expectFirst(waits, deadline)).port;
};
