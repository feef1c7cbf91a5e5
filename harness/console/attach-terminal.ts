import {once} from 'node:events';
import {type Readable, type Writable} from 'node:stream';
import {ReadStream} from 'node:tty';
import {type ConsolePort} from './port.ts';

/** Ctrl-], as telnet has it. */
const escape = 0x1d;
export const escapeKey = 'Ctrl-]';

export type Terminal = {readonly stdin: Readable; readonly stdout: Writable};

export type Attached = Disposable & {
	/** Resolves when the escape key was typed. */
	readonly left: Promise<undefined>;
};

/** Bytes of a serial port and of a terminal to each other, as they come; a terminal is taken out of its line mode for as long. */
export const attachTerminal = ({stdin, stdout}: Terminal, port: ConsolePort): Attached => {
	const {promise: left, resolve} = Promise.withResolvers<undefined>();
	setRaw(stdin, true);
	const typed = (bytes: Buffer): void => {
		const at = bytes.indexOf(escape);
		// The guest's end is seen by whoever waits for the machine's.
		port.write(at === -1 ? bytes : bytes.subarray(0, at)).catch(() => undefined);
		if (at !== -1) {
			resolve(undefined);
		}
	};

	// It was paused where it was attached to before.
	stdin.on('data', typed).resume();
	const listening = port.onBytes((chunk) => stdout.write(Buffer.from(chunk)));
	return {
		left,
		[Symbol.dispose]() {
			setRaw(stdin, false);
			stdin.off('data', typed).pause();
			listening[Symbol.dispose]();
		},
	};
};

/** The next key that is pressed, e.g. `q`. @throws the signal's reason */
export const askKey = async ({stdin, stdout}: Terminal, question: string, signal: AbortSignal): Promise<string> => {
	// First, or a key that is pressed as soon as the question stands there is echoed by the terminal.
	setRaw(stdin, true);
	stdout.write(question);
	try {
		const [typed] = (await once(stdin.resume(), 'data', {signal})) as [Buffer];
		return typed.toString('latin1').slice(0, 1);
	} catch (error) {
		signal.throwIfAborted();
		throw error;
	} finally {
		setRaw(stdin, false);
		stdin.pause();
		stdout.write('\r\n');
	}
};

/** What is no terminal (a pipe, a file) has no line mode. */
const setRaw = (stdin: Readable, raw: boolean): void => {
	if (stdin instanceof ReadStream) {
		stdin.setRawMode(raw);
	}
};
