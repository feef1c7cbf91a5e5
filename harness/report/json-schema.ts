import {z} from 'zod';
import {resultSchema} from './result-schema.ts';

/** The result file's schema for everybody else: JSON Schema 2020-12, published as docs/result.schema.json. */
export const resultJsonSchema = (): Record<string, unknown> => ({
	title: 'Result of a Bootwright run',
	...z.toJSONSchema(resultSchema, {
		override({jsonSchema}) {
			// Says that the program treats what it read as constant: nothing to the reader of a file.
			delete jsonSchema.readOnly;
		},
	}),
});

if (import.meta.main) {
	process.stdout.write(JSON.stringify(resultJsonSchema()));
}
