/** Raised whenever the tables change; an older program refuses what a newer one made. */
export const schemaVersion = 2;

/**
 * The tables (docs/history.md). `cell` is null outside of a matrix; `sha256` is null where the digest was not known, or a kernel was given
 * from outside. A row of `verdicts` has the verdict as the scenario gave it, without --strict; `judged` is 0 where nobody came to judge it.
 */
export const schema = `
CREATE TABLE runs (
	id INTEGER PRIMARY KEY,
	directory TEXT NOT NULL,
	started_at TEXT NOT NULL,
	image TEXT NOT NULL,
	cell TEXT,
	sha256 TEXT,
	profile TEXT NOT NULL,
	accelerator TEXT NOT NULL,
	access TEXT,
	processor TEXT NOT NULL,
	processors INTEGER NOT NULL,
	qemu TEXT NOT NULL,
	version TEXT NOT NULL,
	exit_code INTEGER NOT NULL,
	UNIQUE (directory, started_at)
) STRICT;
CREATE INDEX runs_by_class ON runs (image, profile, accelerator, processor, processors, qemu, started_at);
CREATE TABLE phases (
	run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
	name TEXT NOT NULL,
	ms REAL NOT NULL,
	PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE measurements (
	run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
	id TEXT NOT NULL,
	metric TEXT NOT NULL,
	value REAL NOT NULL,
	low REAL NOT NULL,
	high REAL NOT NULL,
	PRIMARY KEY (run, id, metric)
) STRICT, WITHOUT ROWID;
CREATE TABLE verdicts (
	run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
	id TEXT NOT NULL,
	verdict TEXT NOT NULL,
	judged INTEGER NOT NULL,
	PRIMARY KEY (run, id)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = ${schemaVersion};
`;

/** What turns a history of each older version into one of the next. */
export const migrations: Readonly<Record<number, string>> = {
	1: 'ALTER TABLE runs ADD COLUMN cell TEXT;',
};
