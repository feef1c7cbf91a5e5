import {z} from 'zod';

/** A schema for everybody else: JSON Schema 2020-12, as it is published below docs/ (`npm run schema`). */
export const jsonSchemaOf = (title: string, schema: z.ZodType): Record<string, unknown> => ({
	title,
	...z.toJSONSchema(schema, {
		override({jsonSchema}) {
			// Says that the program treats what it read as constant: nothing to the reader of a file.
			delete jsonSchema.readOnly;
		},
	}),
});
