import {createHash, randomBytes} from 'node:crypto';
import {type Deadline} from '../../core/deadline.ts';
import {DeadlineError} from '../../core/errors.ts';
import {type PortName} from '../../core/events.ts';
import {type Guest} from '../guest.ts';
import {type MachinePort} from '../scenario.ts';
import {echoOnPort} from './echo-on-port.ts';
import {beginMark, echoCommand, endMark, restoreCommand} from './serial-echo-command.ts';
import {type SerialUse, readersOf} from './serial-users.ts';

/** What came of sending random bytes through a port and having them sent back. */
export type SerialEcho = {
	readonly sent: Buffer;
	/** What came back at the port's own socket. */
	readonly received: Buffer;
	/** Whether the guest's digest of what it received is that of what was sent; undefined where it told none. */
	readonly arrived: boolean | undefined;
	/** The kernel, and whoever else writes to the console, shares the port. */
	readonly isConsole: boolean;
};

export type EchoOptions = {
	readonly ports: ReadonlyArray<{readonly name: PortName; readonly port: MachinePort}>;
	readonly bytes: number;
	readonly use: SerialUse;
	readonly deadline: Deadline;
};

/** Of the time that is left: for all ports together, which take three seconds under TCG. A port that is dead costs all of it. */
const share = 1 / 4;
/** What the guest wrote before its command ended is on its way. */
const graceMs = 2000;

/**
 * Sends random bytes through ports and back, on all of them at once. Readers of these ports and messages of the kernel are
 * held back for as long.
 * @throws the deadline's reason, GuestError, PortClosedError
 */
export const echoSerial = async (guest: Guest, options: EchoOptions): Promise<ReadonlyMap<PortName, SerialEcho>> => {
	const {ports, bytes, use, deadline} = options;
	const nonce = randomBytes(6).toString('hex');
	const digest = await digestTool(guest);
	const over = new AbortController();
	// However this ends, nothing goes on waiting for the guest.
	using _ending = {[Symbol.dispose]: () => over.abort(new DeadlineError(deadline.phase, 'The echo is over'))};
	const echoes = ports.map(async ({name, port}) => {
		const sent = randomBytes(bytes);
		const marks = {begin: `${beginMark(nonce)}\r\n`, end: `\r\n${endMark(nonce)}`};
		return {name, sent, received: await echoOnPort(port, {sent, ...marks, deadline, over: over.signal})};
	});
	const all = Promise.all(echoes);
	// Awaited below; until then the guest's own error has the word.
	all.catch(() => undefined);
	const text = await runEcho(guest, {...options, nonce, digest: digest?.tool ?? 'cat >/dev/null'});
	using grace = deadline.within('last bytes on the serial ports', graceMs);
	grace.signal.addEventListener('abort', () => over.abort(grace.signal.reason), {once: true});
	return new Map(
		(await all).map(({name, sent, received}) => {
			const sum = new RegExp(String.raw`^${name} (?<sum>\w+)`, 'm').exec(text)?.groups?.['sum'];
			const expected = digest && createHash(digest.algorithm).update(sent).digest('hex');
			const arrived = sum === undefined ? undefined : sum === expected;
			return [name, {sent, received, arrived, isConsole: use.consoles.includes(name)}];
		}),
	);
};

const digestTool = async (guest: Guest): Promise<{readonly tool: string; readonly algorithm: string} | undefined> => {
	const {tools} = await guest.facts();
	return ['sha256', 'md5'].map((algorithm) => ({tool: `${algorithm}sum`, algorithm})).find(({tool}) => tools.has(tool));
};

type Run = EchoOptions & {readonly nonce: string; readonly digest: string};

/** Runs the guest's half. Whatever happens, readers run on and the kernel may speak again. */
const runEcho = async (guest: Guest, {ports, bytes, use, deadline, nonce, digest}: Run): Promise<string> => {
	const names = ports.map(({name}) => name);
	const held = {readers: readersOf(use, names, guest.shellPort), printk: use.printk};
	try {
		using own = deadline.within(deadline.phase, deadline.budgetMs * share);
		return (await guest.run(echoCommand({ports: names, bytes, nonce, digest, ...held}), {deadline: own})).text;
	} catch (error) {
		if (!(error instanceof DeadlineError) || deadline.signal.aborted) {
			throw error;
		}

		await guest.run(restoreCommand(held));
		return '';
	}
};
