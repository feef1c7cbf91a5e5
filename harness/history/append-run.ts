import type {DatabaseSync} from 'node:sqlite';
import {writeHistory} from './history-file.ts';
import {type HistoryRun} from './history-run.ts';

/**
 * Adds a run to the history, once: one that is in it stays as it is.
 * @throws HostError where the history cannot be written
 */
export const appendRun = (run: HistoryRun, env: Readonly<Record<string, string | undefined>>): void =>
	writeHistory(env, (database) => insertRun(database, run));

/** The same, in a transaction that is open. */
export const insertRun = (database: DatabaseSync, run: HistoryRun): void => {
	const {host, phases, measurements, verdicts, ...rest} = run;
	const {changes, lastInsertRowid: id} = database
		.prepare(
			`INSERT INTO runs
				(directory, started_at, image, cell, sha256, profile, accelerator, access, processor, processors, qemu, version, exit_code)
			VALUES
				(:directory, :startedAt, :image, :cell, :sha256, :profile, :accelerator, :access, :processor, :processors, :qemu, :version, :exitCode)
			ON CONFLICT DO NOTHING`,
		)
		.run({...rest, ...host});
	if (changes === 0) {
		return;
	}

	const phase = database.prepare('INSERT INTO phases VALUES (?, ?, ?)');
	for (const {name, ms} of phases) {
		phase.run(id, name, ms);
	}

	// A scenario may measure a thing twice: the last one counts.
	const measurement = database.prepare('INSERT OR REPLACE INTO measurements VALUES (?, ?, ?, ?, ?, ?)');
	for (const {id: of, metric, value, ci95} of measurements) {
		measurement.run(id, of, metric, value, ...ci95);
	}

	const verdict = database.prepare('INSERT INTO verdicts VALUES (?, ?, ?, ?)');
	for (const row of verdicts) {
		verdict.run(id, row.id, row.verdict, Number(row.judged));
	}
};
