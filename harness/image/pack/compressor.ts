import {execa} from 'execa';

/** pigz uses all processors, and writes the same bytes for any number of them but one. */
export const compressor = async (): Promise<'pigz' | 'gzip'> => {
	const {failed} = await execa('pigz', ['--version'], {reject: false, stdin: 'ignore'});
	return failed ? 'gzip' : 'pigz';
};
