// Its type alone: the import of anything else would load it, with its warning.
import type {DatabaseSync} from 'node:sqlite';

type Options = {readonly readOnly?: boolean; readonly timeout: number};

/**
 * Opens a database with the SQLite of Node itself. Node before 24.15 warns whoever loads it that it is experimental, which nobody at a
 * terminal can act on.
 */
export const openDatabase = (file: string, options: Options): DatabaseSync => {
	const warn = process.emitWarning.bind(process);
	process.emitWarning = () => undefined;
	try {
		const sqlite = process.getBuiltinModule('node:sqlite');
		return new sqlite.DatabaseSync(file, options);
	} finally {
		process.emitWarning = warn;
	}
};
