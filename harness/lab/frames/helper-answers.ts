import {z} from 'zod';
import {HarnessBug, messageOf} from '../../core/errors.ts';

const stoppedSchema = z.object({
	id: z.number(),
	event: z.literal('stopped'),
	counts: z.array(z.tuple([z.boolean(), z.number(), z.number(), z.number(), z.number()])).readonly(),
	stored: z.number(),
	full: z.boolean(),
	/** The interface went away while it ran. */
	error: z.string().nullable(),
	received: z.number(),
	drops: z.number(),
	missing: z.number(),
});

const answerSchema = z.discriminatedUnion('event', [
	z.object({event: z.literal('ready')}),
	z.object({id: z.number(), event: z.enum(['started', 'injected'])}),
	z.object({id: z.number(), event: z.literal('failed'), message: z.string()}),
	stoppedSchema,
]);

export type Answer = z.infer<typeof answerSchema>;
/** How a capture or a count ended. */
export type Stopped = z.infer<typeof stoppedSchema>;

/** What the helper's first line, which answers no command, is filed under. */
export const readyId = 0;

/** Brings the helper's answers to whoever waits for them, now or later. */
export class HelperAnswers {
	readonly #first = new Map<number, PromiseWithResolvers<Answer>>();
	readonly #last = new Map<number, PromiseWithResolvers<Stopped>>();
	#failure: Error | undefined;

	/** The first answer to a command. */
	of(id: number): Promise<Answer> {
		return this.#slot(this.#first, id).promise;
	}

	/** How a command that went on has ended. */
	end(id: number): Promise<Stopped> {
		return this.#slot(this.#last, id).promise;
	}

	/** One line of the helper. */
	take(line: string): void {
		const answer = parseAnswer(line);
		if (answer instanceof HarnessBug) {
			this.fail(answer);
		} else if (answer.event === 'stopped') {
			this.#slot(this.#last, answer.id).resolve(answer);
		} else {
			this.#slot(this.#first, answer.event === 'ready' ? readyId : answer.id).resolve(answer);
		}
	}

	/** There will be no more answers: everyone who waits or will wait is told why. */
	fail(error: Error): void {
		this.#failure ??= error;
		for (const {reject} of [...this.#first.values(), ...this.#last.values()]) {
			reject(this.#failure);
		}
	}

	#slot<T>(slots: Map<number, PromiseWithResolvers<T>>, id: number): PromiseWithResolvers<T> {
		const known = slots.get(id);
		if (known !== undefined) {
			return known;
		}

		const slot = Promise.withResolvers<T>();
		// Nobody may ever ask for it.
		slot.promise.catch(() => undefined);
		slots.set(id, slot);
		if (this.#failure !== undefined) {
			slot.reject(this.#failure);
		}

		return slot;
	}
}

const parseAnswer = (line: string): Answer | HarnessBug => {
	try {
		return answerSchema.parse(JSON.parse(line));
	} catch (error) {
		return new HarnessBug(`The frame helper said ${line.slice(0, 200)}: ${messageOf(error)}`, {cause: error});
	}
};
