import {randomUUID} from 'node:crypto';
import {closeSync, existsSync, linkSync, openSync, rmSync} from 'node:fs';
import path from 'node:path';
import type {DatabaseSync} from 'node:sqlite';
import {HostError, messageOf} from '../core/errors.ts';
import {makeDirectory} from '../report/make-directory.ts';
import {stateDirectory} from '../report/run-directory.ts';
import {migrations, schema, schemaVersion} from './schema.ts';
import {openDatabase} from './sqlite.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** How long to wait for another run that writes at the same moment: one writes for some milliseconds. */
const timeout = 10_000;

export const historyFile = (env: Env): string => path.join(stateDirectory(env), 'history.sqlite');

/**
 * Calls `use` in a transaction, with the history open for writing: nobody else writes between what it reads and what it writes, and where
 * it throws nothing was written. There is a history afterwards, for its owner alone.
 * @throws HostError where it cannot be used
 */
export const writeHistory = <Result>(env: Env, use: (database: DatabaseSync) => Result): Result =>
	blamed(env, (file) => {
		if (!existsSync(file)) {
			create(file);
		}

		using database = openDatabase(file, {timeout});
		// At once, not on the first write: SQLite lets no reader become a writer, or wait for that, once another one has written
		// (sqlite.org/lang_transaction.html, "Read transactions versus write transactions").
		database.exec('BEGIN IMMEDIATE');
		try {
			migrate(database, file);
			const result = use(database);
			database.exec('COMMIT');
			return result;
		} catch (error) {
			// SQLite rolls back by itself where the disk is full.
			if (database.isTransaction) {
				database.exec('ROLLBACK');
			}

			throw error;
		}
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

		if (versionOf(file) < schemaVersion) {
			writeHistory(env, () => undefined);
		}

		using database = openDatabase(file, {readOnly: true, timeout});
		checkVersion(database, file);
		// One view of all tables, whoever writes meanwhile.
		database.exec('BEGIN');
		const result = use(database);
		database.exec('COMMIT');
		return result;
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
	makeDirectory(path.dirname(file));
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

const versionOf = (file: string): number => {
	using database = openDatabase(file, {readOnly: true, timeout});
	return checkVersion(database, file);
};

/** Brings what an older Bootwright made to this version. */
const migrate = (database: DatabaseSync, file: string): void => {
	for (let version = checkVersion(database, file); version < schemaVersion; version++) {
		database.exec(`${migrations[version] ?? ''} PRAGMA user_version = ${version + 1}`);
	}
};

/** @returns the version of its schema, this one or an older one */
const checkVersion = (database: DatabaseSync, file: string): number => {
	const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
	if (found > schemaVersion) {
		throw new HostError(
			`The history ${file} was made by a newer Bootwright: its schema is ${found}, and this version knows ${schemaVersion}`,
			{hint: 'Use that version, or keep another history with XDG_STATE_HOME=DIR.'},
		);
	}

	if (found < 1) {
		throw new HostError(`${file} is no history of Bootwright`, {
			hint: 'Move it away: the next run begins a new one.',
		});
	}

	return found;
};
