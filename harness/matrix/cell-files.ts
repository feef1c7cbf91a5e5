import {isProfilePath} from '../profile/load.ts';
import {type Cell} from './cells.ts';

/**
 * Everything that a cell is judged by and that the matrix names by a path or as `ref:NAME`, each once and in the matrix's own words, the image
 * first. What changes in one of these makes another cell. A file with a password is not among them: it opens the image and does not judge it.
 */
export const filesOf = ({image, profile, options}: Cell): readonly string[] => {
	const {kernel, initrd, modules, config, scenario = []} = options;
	const files = [image, ...(isProfilePath(profile) ? [profile] : []), kernel, initrd, modules, config, ...scenario];
	return [...new Set(files.filter((file) => file !== undefined))];
};
