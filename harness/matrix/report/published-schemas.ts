import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {jsonSchemaOf} from '../../report/json-schema.ts';
import {resultSchema} from '../../report/result-schema.ts';
import {matrixResultSchema} from './matrix-schema.ts';

/** What is published, by the name of its file below docs/. */
export const publishedSchemas = (): Readonly<Record<string, Record<string, unknown>>> => ({
	'result.schema.json': jsonSchemaOf('Result of a Bootwright run', resultSchema),
	'matrix.schema.json': jsonSchemaOf('Result of a Bootwright matrix', matrixResultSchema),
});

if (import.meta.main) {
	for (const [name, schema] of Object.entries(publishedSchemas())) {
		await writeFile(path.join(import.meta.dirname, '../../../docs', name), JSON.stringify(schema));
	}
}
