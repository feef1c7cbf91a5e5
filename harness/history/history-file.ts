import {randomUUID} from 'node:crypto';
import {closeSync, existsSync, linkSync, mkdirSync, openSync, rmSync} from 'node:fs';
import path from 'node:path';
import type {DatabaseSync} from 'node:sqlite';
import {HostError, messageOf} from '../core/errors.ts';
import {stateDirectory} from '../report/run-directory.ts';
import {schema, schemaVersion} from './schema.ts';
import {openDatabase} from './sqlite.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** How long to wait for another run that writes at the same moment: one writes for some milliseconds. */
const timeout = 10_000;

export const historyFile = (env: Env): string => path.join(stateDirectory(env), 'history.sqlite');

/**
 * Calls `use` with the history open for writing; there is one afterwards, for its owner alone.
 * @throws HostError where it cannot be used
 */
export const writeHistory = <Result>(env: Env, use: (database: DatabaseSync) => Result): Result =>
	blamed(env, (file) => {
		if (!existsSync(file)) {
			create(file);
		}

		using database = openDatabase(file, {timeout});
		checkVersion(database, file);
		return use(database);
	});

/**
 * The same for reading; undefined where there is no history yet.
 * @throws HostError where it cannot be read
 */
export const readHistory = <Result>(env: Env, use: (database: DatabaseSync) => Result): Result | undefined =>
	blamed(env, (file) => {
		if (!existsSync(file)) {
			return undefined;
		}

		using database = openDatabase(file, {readOnly: true, timeout});
		checkVersion(database, file);
		return use(database);
	});

const blamed = <Result>(env: Env, act: (file: string) => Result): Result => {
	const file = historyFile(env);
	try {
		return act(file);
	} catch (error) {
		throw error instanceof HostError
			? error
			: new HostError(`The history ${file} cannot be used: ${messageOf(error)}`, {
					cause: error,
					hint: 'Free its disk or mend its permissions; where it is broken, delete it: the next run begins a new one.',
				});
	}
};

/** Made whole under another name, then given its own: of runs that begin it at once, one wins, and nobody sees half of it. */
const create = (file: string): void => {
	mkdirSync(path.dirname(file), {recursive: true});
	const fresh = `${file}.${randomUUID()}`;
	try {
		// SQLite gives the files beside it the same mode.
		closeSync(openSync(fresh, 'wx', 0o600));
		const database = openDatabase(fresh, {timeout});
		try {
			database.exec(`PRAGMA journal_mode = WAL; BEGIN; ${schema} COMMIT;`);
		} finally {
			database.close();
		}

		linkSync(fresh, file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
			throw error;
		}
	} finally {
		for (const end of ['', '-wal', '-shm']) {
			rmSync(`${fresh}${end}`, {force: true});
		}
	}
};

const checkVersion = (database: DatabaseSync, file: string): void => {
	const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
	if (found > schemaVersion) {
		throw new HostError(
			`The history ${file} was made by a newer Bootwright: its schema is ${found}, and this version knows ${schemaVersion}`,
			{hint: 'Use that version, or keep another history with XDG_STATE_HOME=DIR.'},
		);
	}

	if (found !== schemaVersion) {
		throw new HostError(`${file} is no history of Bootwright`, {
			hint: 'Move it away: the next run begins a new one.',
		});
	}
};
