import path from 'node:path';
import packageJson from '../../package.json' with {type: 'json'};
import {contentDigest} from './files-digest.ts';

const root = path.resolve(import.meta.dirname, '../..');
/** What verdicts come from: the program, its machines, and the recipes of what it boots and brings into guests. */
const parts = ['harness', 'scenarios', 'qemu-profiles', 'images', 'package.json'];

/**
 * The version that judges: package.json's, which many commits share, and what its files are. The same on every machine with the same
 * checkout, whether the sources run or what was compiled of them.
 * @returns `0.1.0+1a2b3c4d`
 */
export const programVersion = (): string => `${packageJson.version}+${contentDigest(root, parts).slice(0, 8)}`;
