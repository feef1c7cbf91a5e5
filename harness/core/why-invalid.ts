import {z} from 'zod';
import {messageOf} from './errors.ts';

/** What is wrong with something that was read and parsed, in one line. */
export const whyInvalid = (error: unknown): string =>
	error instanceof z.ZodError ? z.prettifyError(error).replaceAll('\n', '; ') : messageOf(error);
