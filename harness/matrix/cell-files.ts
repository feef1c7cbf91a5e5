import {isProfilePath} from '../profile/load.ts';
import {type Cell} from './cells.ts';

/**
 * Everything that a cell is judged by, or opened with, and that the matrix names by a path or as `ref:NAME`, each once and in the matrix's own
 * words, the image first. What changes in one of these makes another cell.
 */
export const filesOfCell = ({image, profile, options}: Cell): readonly string[] => {
	const {kernel, initrd, modules, config, scenario = [], 'password-file': password} = options;
	const profiles = isProfilePath(profile) ? [profile] : [];
	const files = [image, ...profiles, kernel, initrd, modules, config, ...scenario, password];
	return [...new Set(files.filter((file) => file !== undefined))];
};
