import {type Deadline} from '../core/deadline.ts';
import {GuestError} from '../core/errors.ts';
import {type ConsolePort} from './port.ts';
import {type Nonces, type ShellAbilities} from './shell-helper.ts';
import {decodePayload} from './shell-payload.ts';
import {type ShellRequest, requestPieces} from './shell-request.ts';
import {type Answer, type ShellWire} from './shell-wire.ts';

/** What a command left behind, exactly. */
export type Outcome = {readonly status: number; readonly stdout: Buffer; readonly stderr: Buffer};

export type SessionParts = {
	readonly port: ConsolePort;
	readonly wire: ShellWire;
	readonly nonces: Nonces;
	readonly abilities: ShellAbilities;
	/** After this silence the helper is asked how things stand; twice as long each time it says nothing. */
	readonly nudgeMs: number;
};

/** So many questions unanswered in a row: there is no shell any more. Starting from 1 s, after half a minute. */
const maxUnanswered = 5;

/** The host's half of the protocol in shell-helper.ts: one request at a time, repeated until it is answered in full. */
export class ShellSession {
	readonly #parts: SessionParts;
	#seq: number;
	/** A request was given up: whatever it runs must be dead before the next one starts. */
	#abandoned = false;

	/** @param seq of the last request that the helper has seen */
	constructor(parts: SessionParts, seq = 0) {
		this.#parts = parts;
		this.#seq = seq;
	}

	get seq(): number {
		return this.#seq;
	}

	/**
	 * Has one request carried out.
	 * @throws the deadline's or the port's reason; GuestError `shell-lost` when nothing answers any more
	 */
	async exchange(request: ShellRequest, deadline: Deadline): Promise<Outcome> {
		if (this.#abandoned) {
			await this.#ask('#');
			await this.#answer(deadline, 'k');
		}

		this.#abandoned = true;
		this.#seq++;
		this.#parts.wire.clear();
		await this.#send(request, deadline, false);
		const outcome = await this.#outcome(request, deadline);
		this.#abandoned = false;
		return outcome;
	}

	/** Has the guest kill what it runs, without waiting for it. */
	async abandon(): Promise<void> {
		if (this.#abandoned && !this.#parts.port.closing.aborted) {
			await this.#ask('#');
		}
	}

	async #outcome(request: ShellRequest, deadline: Deadline): Promise<Outcome> {
		let stdout: Buffer | undefined;
		for (;;) {
			const {type, rest, before} = await this.#answer(deadline, 'bmezux');
			switch (type) {
				case 'u':
				case 'x': {
					await this.#send(request, deadline, true);
					break;
				}

				case 'b': {
					stdout = undefined;
					break;
				}

				case 'm': {
					stdout = this.#decode(before, {size: rest, request});
					break;
				}

				default: {
					const [status = '', size = ''] = rest.split(':');
					const stderr = this.#decode(before, {size, request});
					const outcome = outcomeOf(status, type === 'z' ? nothing : {stdout, stderr});
					if (outcome !== undefined) {
						return outcome;
					}

					// Something cut into it. The guest still has it: once more.
					await this.#ask('?');
				}
			}
		}
	}

	/** @param options.size what the guest says there is; more may have come since */
	#decode(text: string, {size, request}: {readonly size: string; readonly request: ShellRequest}): Buffer | undefined {
		const bytes = decodePayload(text, this.#parts.abilities.encoding);
		const least = Math.min(Number(size), request.maxBytes ?? Infinity);
		return bytes !== undefined && bytes.length < least ? undefined : bytes;
	}

	async #send(request: ShellRequest, deadline: Deadline, again: boolean): Promise<void> {
		const {port, nonces, abilities} = this.#parts;
		const helper = {nonce: nonces.input, seq: this.#seq, takesBase64: abilities.takesBase64, again};
		for (const piece of requestPieces(request, helper)) {
			await port.write(piece.text);
			if (piece.answered) {
				await this.#answer(deadline, 'a');
			}
		}
	}

	/** The next answer of one of these types; breaks silences with a question. */
	async #answer(deadline: Deadline, types: string): Promise<Answer> {
		let unanswered = 0;
		for (;;) {
			const answer = await this.#parts.wire.next(this.#parts.nudgeMs * 2 ** unanswered, deadline.signal);
			if (answer !== undefined) {
				// An answer to an earlier request may come late; `a` bears the number of the last command that ran.
				if (types.includes(answer.type) && (answer.seq === this.#seq || answer.type === 'a')) {
					return answer;
				}

				unanswered = 0;
			} else if (unanswered === maxUnanswered) {
				const {name, lastLine, logPath} = this.#parts.port;
				throw new GuestError(
					'shell-lost',
					`The shell on ${name} does not answer any more. Last line: ${JSON.stringify(lastLine)}. Log: ${logPath}`,
				);
			} else {
				unanswered++;
				await this.#ask('?');
			}
		}
	}

	/** The line feed in front ends whatever half a line stands in the terminal's buffer. */
	async #ask(question: '?' | '#'): Promise<void> {
		await this.#parts.port.write(`\n${this.#parts.nonces.input}${question}${this.#seq}\n`);
	}
}

type Output = {readonly stdout: Buffer | undefined; readonly stderr: Buffer | undefined};
const nothing: Output = {stdout: Buffer.alloc(0), stderr: Buffer.alloc(0)};

const outcomeOf = (status: string, {stdout, stderr}: Output): Outcome | undefined =>
	/^\d{1,3}$/.test(status) && stdout !== undefined && stderr !== undefined
		? {status: Number(status), stdout, stderr}
		: undefined;
