import {type Timer, startTimer} from '../../core/clock.ts';

/** A client that is told when its answer's version changes. */
export type WaitingClient<Answer extends {readonly etag?: string}> = {
	/** The answer as of now. */
	readonly look: () => Answer;
	/** Called once, unless the client leaves first. */
	readonly tell: (answer: Answer) => void;
	readonly timeoutMs: number;
};

/**
 * Clients of `wait_for_change`. Each waits for its own resource: a change elsewhere leaves it waiting, and when its time is over it gets
 * what is there. One that leaves is forgotten at once.
 */
export class WaitingClients<Answer extends {readonly etag?: string}> {
	readonly #clients = new Map<WaitingClient<Answer>, {readonly etag: string | undefined; readonly timer: Timer}>();

	get size(): number {
		return this.#clients.size;
	}

	/** @returns what to call when the client is gone */
	add(client: WaitingClient<Answer>): () => void {
		const timer = startTimer(client.timeoutMs, () => this.#tell(client));
		this.#clients.set(client, {etag: client.look().etag, timer});
		return () => this.#forget(client);
	}

	/** To be called after every change of anything. */
	changed(): void {
		for (const [client, {etag}] of this.#clients) {
			if (client.look().etag !== etag) {
				this.#tell(client);
			}
		}
	}

	#tell(client: WaitingClient<Answer>): void {
		this.#forget(client);
		client.tell(client.look());
	}

	#forget(client: WaitingClient<Answer>): void {
		this.#clients.get(client)?.timer.cancel();
		this.#clients.delete(client);
	}
}
