import {StringDecoder} from 'node:string_decoder';
import {HostError} from '../core/errors.ts';

export type QmpMessage =
	| {readonly type: 'greeting'}
	| {readonly type: 'event'; readonly name: string; readonly data: Readonly<Record<string, unknown>>}
	| {readonly type: 'return'; readonly id: unknown; readonly value: unknown}
	| {readonly type: 'error'; readonly id: unknown; readonly class: string; readonly desc: string}
	| {readonly type: 'garbage'; readonly text: string};

/** QEMU said no to a command. */
export class QmpError extends HostError {
	readonly command: string;
	/** `GenericError`, `CommandNotFound`, `DeviceNotFound` … (qapi/error.json). */
	readonly class: string;
	readonly desc: string;

	constructor(command: string, {class: kind, desc}: {readonly class: string; readonly desc: string}) {
		super(`QEMU refused ${command}: ${desc} (${kind})`);
		this.command = command;
		this.class = kind;
		this.desc = desc;
	}
}

/** What one line of a QMP connection says. */
export const parseMessage = (line: string): QmpMessage => {
	const message = parseObject(line);
	if (message === undefined) {
		return {type: 'garbage', text: line.length > 200 ? `${line.slice(0, 200)}…` : line};
	}

	if ('QMP' in message) {
		return {type: 'greeting'};
	}

	if (typeof message['event'] === 'string') {
		return {type: 'event', name: message['event'], data: asObject(message['data']) ?? {}};
	}

	if ('return' in message) {
		return {type: 'return', id: message['id'], value: message['return']};
	}

	const error = asObject(message['error']);
	return error === undefined
		? {type: 'garbage', text: line}
		: {type: 'error', id: message['id'], class: String(error['class']), desc: String(error['desc'])};
};

/** Cuts a stream into lines wherever its pieces end, also inside a character. Bounded: a line longer than 64 MiB is given up in pieces. */
export const lineSplitter = (onLine: (line: string) => void): ((chunk: Buffer) => void) => {
	const decoder = new StringDecoder('utf8');
	let rest: string[] = [];
	let length = 0;
	return (chunk) => {
		const [first = '', ...more] = decoder.write(chunk).split('\n');
		rest.push(first);
		length += first.length;
		for (const piece of more) {
			const line = rest.join('').replace(/\r$/u, '');
			rest = [piece];
			length = piece.length;
			if (line !== '') {
				onLine(line);
			}
		}

		if (length > 2 ** 26) {
			onLine(rest.join(''));
			rest = [];
			length = 0;
		}
	};
};

const parseObject = (line: string): Readonly<Record<string, unknown>> | undefined => {
	try {
		return asObject(JSON.parse(line));
	} catch {
		return undefined;
	}
};

const asObject = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
	typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
