import path from 'node:path';
import {filesDigest} from '../../program/files-digest.ts';

const root = path.resolve(import.meta.dirname, '../../..');
/** What this program consists of, and what it builds its tools and ramdisks from. */
const parts = ['harness', 'images', 'qemu-profiles', 'package-lock.json'];

/** Changes with every file of this program that is written to: what another version has saved is not taken up. */
export const programDigest = (): string => filesDigest(root, parts);
