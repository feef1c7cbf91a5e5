import {tryToPack} from '../image/pack/try-to-pack.ts';
import {type ImageUnderTest} from '../machine/scenario.ts';
import {type RunContext} from './run-image.ts';

/** The image as scenarios see it from the host: its file, which nobody writes to. */
export const imageUnderTest = ({candidate, hashing}: RunContext): ImageUnderTest => ({
	bytes: candidate.bytes,
	sha256: hashing,
	archive: async ({signal}) => tryToPack(candidate, {sha256: await hashing(), signal}),
});
