import {z} from 'zod';
import {recordSchema} from '../records.ts';

const from = {
	/** Id of the job. */
	job: z.string(),
	/** Id of the worker. */
	worker: z.string(),
};

const messageSchema = z.discriminatedUnion('type', [
	z.object({
		...from,
		type: z.literal('finished'),
		record: recordSchema,
		/** `HOST:DIRECTORY` of its artifacts. */
		place: z.string(),
		files: z.string(),
		left: z.array(z.string()).readonly(),
	}),
	/** It may not run it: its image is another one. */
	z.object({...from, type: z.literal('refused'), why: z.string()}),
	/** Nobody will run it: those who did were lost each time. */
	z.object({...from, type: z.literal('given-up'), why: z.string()}),
]);

/** What a worker tells the matrix of a cell. */
export type Message = z.infer<typeof messageSchema>;
export type Finished = Extract<Message, {type: 'finished'}>;

/** @throws SyntaxError, ZodError */
export const parseMessage = (text: string): Message => messageSchema.parse(JSON.parse(text));
