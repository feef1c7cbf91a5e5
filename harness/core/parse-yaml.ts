import {parseDocument} from 'yaml';
import {UsageError} from './errors.ts';

/** @param file as messages call it. @throws UsageError with the file and the first thing that is wrong in it, and where */
export const parseYaml = (text: string, file: string): unknown => {
	const document = parseDocument(text);
	const [error] = document.errors;
	if (error !== undefined) {
		throw new UsageError(`${file} is no YAML: ${error.message.split('\n')[0] ?? ''}`);
	}

	return document.toJS({maxAliasCount: 100});
};
