import {readFileSync} from 'node:fs';
import {parseCapturedFrames} from '../../../harness/lab/frames/captured-frames.ts';

/** Real frames (test/fixtures/frames/README.md). */
export const recorded = (name: 'exchange' | 'exchange-plain') =>
	parseCapturedFrames(readFileSync(new URL(`../../fixtures/frames/${name}.frames`, import.meta.url)));
