import {isProfilePath} from '../profile/load.ts';
import {type Cell} from './cells.ts';

/** The words of the matrix for what a cell is judged by: files, and what begins with `ref:`. Each is there once. */
export const filesOfCell = ({image, profile, options}: Cell): readonly string[] => {
	const {kernel, initrd, config, 'password-file': password} = options;
	const files = [image, ...(isProfilePath(profile) ? [profile] : []), kernel, initrd, config, password];
	return [...new Set(files.filter((file) => file !== undefined))];
};
