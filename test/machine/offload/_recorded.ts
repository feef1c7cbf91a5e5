import {readFileSync} from 'node:fs';
import path from 'node:path';

/** A text of test/fixtures/offload. */
export const recorded = (name: string): string =>
	readFileSync(path.resolve(import.meta.dirname, '../../fixtures/offload', name), 'utf8');
