import type {DatabaseSync, SQLInputValue, SQLOutputValue} from 'node:sqlite';
import {z} from 'zod';
import {exitCodes} from '../core/errors.ts';
import {bootPhases} from '../core/events.ts';
import {verdicts} from '../core/verdict.ts';
import {readHistory} from './history-file.ts';
import {type HistoryRun, type RunKey} from './history-run.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Older runs say less about how things are now than they cost to read. */
const mostRuns = 200;

/** The newest runs, of one image or of all, newest first. @throws HostError */
export const newestRuns = (
	env: Env,
	{image, limit = mostRuns}: {readonly image?: string | undefined; readonly limit?: number},
): readonly HistoryRun[] =>
	readHistory(env, (database) =>
		select(database, {
			where: image === undefined ? 'true' : 'image = :image',
			values: image === undefined ? {} : {image},
			limit,
		}),
	) ?? [];

/** A run, where the history has it. @throws HostError */
export const findRun = (env: Env, {directory, startedAt}: RunKey): HistoryRun | undefined =>
	readHistory(env, (database) =>
		select(database, {
			where: 'directory = :directory AND started_at = :startedAt',
			values: {directory, startedAt},
			limit: 1,
		}),
	)?.[0];

/** Runs that started before one and are like it: the same image, profile, accelerator and host class; newest first. @throws HostError */
export const earlierRuns = (env: Env, run: HistoryRun): readonly HistoryRun[] =>
	readHistory(env, (database) => earlierIn(database, run)) ?? [];

/** The same, in a transaction that is open. Of a run of a matrix, those of its cell. */
export const earlierIn = (
	database: DatabaseSync,
	{image, profile, accelerator, startedAt, host}: HistoryRun,
	cell: string | null = null,
): readonly HistoryRun[] =>
	select(database, {
		where: `${alike} AND (:cell IS NULL OR cell = :cell)`,
		values: {image, profile, accelerator, startedAt, cell, ...host},
		limit: mostRuns,
	});

/** How those runs booted, and nothing else of them: a run that begins waits for this. @throws HostError */
export const earlierPhases = (
	env: Env,
	{image, profile, accelerator, startedAt, host}: HistoryRun,
): ReadonlyArray<Pick<HistoryRun, 'phases'>> =>
	readHistory(env, (database) => {
		const found = database
			.prepare(
				`SELECT run, name, ms FROM phases
					WHERE run IN (SELECT id FROM runs WHERE ${alike} ORDER BY started_at DESC, id DESC LIMIT :limit)`,
			)
			.all({image, profile, accelerator, startedAt, ...host, limit: mostRuns});
		return Map.groupBy(found, ({run}) => run)
			.values()
			.map((rows) => ({phases: inOrder(rows.map((row) => phaseRow.parse(row)))}))
			.toArray();
	}) ?? [];

/** Runs that started before one, of the same image, profile, accelerator and host class. */
const alike = `image = :image AND profile = :profile AND accelerator = :accelerator
	AND processor = :processor AND processors = :processors AND qemu = :qemu AND started_at < :startedAt`;

/**
 * The last run before one of the same image, profile, accelerator and cell, on whatever host class, in which the host did not fail: that
 * says nothing about an image.
 */
export const lastBefore = (
	database: DatabaseSync,
	{image, profile, accelerator, startedAt, cell}: HistoryRun,
): HistoryRun | undefined =>
	select(database, {
		where: `image = :image AND profile = :profile AND accelerator = :accelerator AND started_at < :startedAt
			AND cell IS :cell AND exit_code <> ${exitCodes.host}`,
		values: {image, profile, accelerator, startedAt, cell},
		limit: 1,
	})[0];

/** Whether times of the two can be compared. */
export const isSameClass = (a: HistoryRun, b: HistoryRun): boolean => classOf(a) === classOf(b);

/** What runs have in common whose times can be compared. */
export const classOf = ({profile, accelerator, host}: HistoryRun): string =>
	`${profile} · ${accelerator} · ${host.processors} × ${host.processor} · QEMU ${host.qemu}`;

const select = (
	database: DatabaseSync,
	{
		where,
		values,
		limit,
	}: {readonly where: string; readonly values: Record<string, SQLInputValue>; readonly limit: number},
): readonly HistoryRun[] => {
	const all = (table: string): ((id: number) => ReadonlyArray<Record<string, SQLOutputValue>>) => {
		const statement = database.prepare(`SELECT * FROM ${table} WHERE run = ?`);
		return (id) => statement.all(id);
	};

	const [phases, measurements, rows] = [all('phases'), all('measurements'), all('verdicts')];
	return database
		.prepare(`SELECT * FROM runs WHERE ${where} ORDER BY started_at DESC, id DESC LIMIT :limit`)
		.all({...values, limit})
		.map((found): HistoryRun => {
			const {id, started_at: startedAt, exit_code: exitCode, processor, processors, qemu, ...run} = runRow.parse(found);
			return {
				...run,
				startedAt,
				exitCode,
				host: {processor, processors, qemu},
				phases: inOrder(phases(id).map((phase) => phaseRow.parse(phase))),
				measurements: measurements(id).map((measurement) => {
					const {low, high, ...figure} = measurementRow.parse(measurement);
					return {...figure, ci95: [low, high]};
				}),
				verdicts: rows(id).map((row) => verdictRow.parse(row)),
			};
		});
};

/** The database has them by name. */
const inOrder = (phases: HistoryRun['phases']): HistoryRun['phases'] =>
	phases.toSorted((a, b) => bootPhases.indexOf(a.name) - bootPhases.indexOf(b.name));

const runRow = z.object({
	id: z.number(),
	directory: z.string(),
	started_at: z.string(),
	image: z.string(),
	cell: z.string().nullable(),
	sha256: z.string().nullable(),
	profile: z.string(),
	accelerator: z.string(),
	access: z.string().nullable(),
	processor: z.string(),
	processors: z.number(),
	qemu: z.string(),
	version: z.string(),
	exit_code: z.number(),
});
const phaseRow = z.object({name: z.enum(bootPhases), ms: z.number()});
const measurementRow = z.object({
	id: z.string(),
	metric: z.string(),
	value: z.number(),
	low: z.number(),
	high: z.number(),
});
const verdictRow = z.object({id: z.string(), verdict: z.enum(verdicts), judged: z.number().transform(Boolean)});
