import {HostError} from '../core/errors.ts';
import {type QmpMessage, QmpError} from './qmp-messages.ts';

type Pending = {
	readonly command: string;
	readonly resolve: (value: unknown) => void;
	readonly reject: (reason: Error) => void;
};

/** Calls that wait for their answer, by the id that the answer will bear. */
export class QmpCalls {
	readonly #pending = new Map<unknown, Pending>();
	#nextId = 1;

	open(command: string): {readonly id: number; readonly answer: Promise<unknown>} {
		const id = this.#nextId++;
		const {promise, resolve, reject} = Promise.withResolvers<unknown>();
		this.#pending.set(id, {command, resolve, reject});
		return {id, answer: promise};
	}

	/** An answer to a call that nobody knows came after its deadline, and is dropped. */
	settle(message: Extract<QmpMessage, {type: 'return' | 'error'}>): void {
		const pending = this.#pending.get(message.id);
		this.#pending.delete(message.id);
		if (message.type === 'return') {
			pending?.resolve(message.value);
		} else {
			pending?.reject(new QmpError(pending.command, message));
		}
	}

	/** Every call ends with the reason; where it is the host's, each says which command it was. */
	endAll(reason: Error): void {
		for (const {command, reject} of this.#pending.values()) {
			reject(reason instanceof HostError ? new HostError(`${command}: ${reason.message}`, {cause: reason}) : reason);
		}

		this.#pending.clear();
	}
}
