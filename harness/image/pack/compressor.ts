import {execa} from 'execa';

export type Compressor = 'pigz' | 'gzip';

/** pigz uses all processors, and writes the same bytes for any number of them but one. */
export const compressor = async (): Promise<Compressor> => {
	const {failed} = await execa('pigz', ['--version'], {reject: false, stdin: 'ignore'});
	return failed ? 'gzip' : 'pigz';
};
