import {startTimer} from '../core/clock.ts';
import {type Source} from './expect.ts';

/** One answer of the helper: `<output nonce>:seq:type:rest`, and everything that came before it since the answer before. */
export type Answer = {readonly seq: number; readonly type: string; readonly rest: string; readonly before: string};

/** More than this between two answers is not kept: the guest is sending something else. */
const maxBetween = 256 * 1024 * 1024;
/** Longest marker line; what of it may still be unfinished at the end of a chunk. */
const maxMarker = 256;

/** Finds the helper's answers in whatever else a port carries. */
export class ShellWire implements Disposable {
	readonly #marker: RegExp;
	readonly #prefix: string;
	readonly #port: Source;
	readonly #listening: Disposable;
	readonly #answers: Answer[] = [];
	#pieces: string[] = [];
	#length = 0;
	#tail = '';
	#wake: (() => void) | undefined;

	/** @param prefix what every answer begins with; letters, digits, `@`, `-`, `:` */
	constructor(port: Source, prefix: string) {
		this.#port = port;
		this.#prefix = prefix;
		this.#marker = new RegExp(String.raw`${prefix}:(\d+):?([a-z]*):?([^\r\n]*)\r*\n`);
		this.#listening = port.onBytes((chunk) => this.#receive(chunk.toString('latin1')));
	}

	/**
	 * The next answer, or undefined after `silenceMs` in which not one byte came.
	 * @throws the stop signal's reason, or PortClosedError
	 */
	async next(silenceMs: number, stop: AbortSignal): Promise<Answer | undefined> {
		const ended = AbortSignal.any([stop, this.#port.closing]);
		while (this.#answers.length === 0) {
			ended.throwIfAborted();
			const {promise, resolve} = Promise.withResolvers<boolean>();
			const wake = (): void => resolve(false);
			const timer = startTimer(silenceMs, () => resolve(true));
			this.#wake = wake;
			ended.addEventListener('abort', wake, {once: true});
			const silent = await promise;
			timer.cancel();
			ended.removeEventListener('abort', wake);
			this.#wake = undefined;
			if (silent) {
				return undefined;
			}
		}

		return this.#answers.shift();
	}

	/** Forgets what came so far: the next answer is to what is asked from now on. */
	clear(): void {
		this.#answers.length = 0;
		this.#pieces = [];
		this.#length = 0;
	}

	[Symbol.dispose](): void {
		this.#listening[Symbol.dispose]();
	}

	#receive(text: string): void {
		let rest = this.#tail + text;
		for (;;) {
			const match = rest.includes(this.#prefix) ? this.#marker.exec(rest) : null;
			if (match === null) {
				break;
			}

			this.#keep(rest.slice(0, match.index));
			const [whole, seq = '', type = '', more = ''] = match;
			this.#answers.push({seq: Number(seq), type, rest: more, before: this.#pieces.join('')});
			this.#pieces = [];
			this.#length = 0;
			rest = rest.slice(match.index + whole.length);
		}

		const sure = Math.max(0, rest.length - maxMarker);
		this.#keep(rest.slice(0, sure));
		this.#tail = rest.slice(sure);
		this.#wake?.();
	}

	#keep(text: string): void {
		if (text !== '' && this.#length < maxBetween) {
			this.#pieces.push(text);
			this.#length += text.length;
		}
	}
}
