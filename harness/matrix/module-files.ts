import {UsageError} from '../core/errors.ts';
import {type ModuleFiles, moduleFiles} from '../runner/module-files.ts';

/** The files of a cell's modules; none where there are none yet, which is an error of the cell when it is run. */
export const modulesOfCell = async (directory: string): Promise<ModuleFiles> =>
	moduleFiles(directory).catch((error: unknown) => {
		if (error instanceof UsageError) {
			return {root: directory, names: []};
		}

		throw error;
	});
