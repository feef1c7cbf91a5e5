import {mkdir, open, readFile, readdir, rm, symlink, truncate, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {type ExecutionContext} from 'ava';
import {cacheFolder} from '../../harness/core/cache-folder.ts';
import {type RunEvent} from '../../harness/core/events.ts';
import {type RunResult} from '../../harness/report/result-schema.ts';
import {type Place, judge, leftBehind, openPlace} from './_program.ts';

/** A cache of the place's own for booted machines; images are those of the usual one. */
export const ownCache = async ({
	directory,
}: Place): Promise<{readonly machines: string; readonly XDG_CACHE_HOME: string}> => {
	const cache = path.join(directory, 'cache');
	await mkdir(path.join(cache, 'bootwright'), {recursive: true});
	await symlink(cacheFolder('images'), path.join(cache, 'bootwright/images'));
	return {machines: path.join(cache, 'bootwright/machines'), XDG_CACHE_HOME: cache};
};

export const verdicts = ({requirements}: RunResult): readonly string[] =>
	requirements.map(({id, verdict}) => `${id} ${verdict}`).toSorted((a, b) => a.localeCompare(b, 'en'));

/** Has the next run on copies of a saved machine take scenarios in this order: the first failed last time, the others took shorter and shorter (`scheduleOf`). */
export const orderNext = async (entry: string, ids: readonly string[]): Promise<void> => {
	const earlier = ids.map((id, index) => [id, {ms: ids.length - index, failed: index === 0}] as const);
	await writeFile(path.join(entry, 'earlier.json'), JSON.stringify(Object.fromEntries(earlier)));
};

/** Everything that the last run told. */
export const eventsIn = async ({artifacts}: Place): Promise<readonly RunEvent[]> => {
	const lines = (await readFile(path.join(artifacts, 'latest/events.jsonl'), 'utf8')).trimEnd().split('\n');
	return lines.map((line) => JSON.parse(line) as RunEvent);
};

/** Scenarios of the last run in the order in which they were begun. */
export const startedIn = async (place: Place): Promise<readonly string[]> =>
	(await eventsIn(place)).filter((event) => event.type === 'scenario-started').map(({scenario}) => scenario);

export const machinesIn = async (folder: string): Promise<readonly string[]> =>
	(await readdir(folder)).filter((name) => !name.startsWith('.'));

/** Does something to a saved machine. */
type Damage = (entry: string) => Promise<void>;

export const flippedBit: Damage = async (entry) => {
	const check = await readFile(path.join(entry, 'memory.crc32'));
	const offset = check.readUInt32LE(8 * Math.floor(check.length / 16)) * 64 * 1024;
	await using file = await open(path.join(entry, 'memory'), 'r+');
	const {buffer} = await file.read(Buffer.alloc(1), 0, 1, offset);
	await file.write(Buffer.of(buffer.readUInt8(0) ^ 1), 0, 1, offset);
};
export const cutState: Damage = async (entry) => truncate(path.join(entry, 'state'), 1000);
export const stateGone: Damage = async (entry) => rm(path.join(entry, 'state'));
export const logsGone: Damage = async (entry) => rm(path.join(entry, 'boot'), {recursive: true});
export const nothingSaid: Damage = async (entry) => writeFile(path.join(entry, 'about.json'), '{');

/** A machine that is damaged is booted anew, and the new one is believed; as is one that is asked for with `--fresh`. */
export const notBelieved = async (t: ExecutionContext, damage: Damage): Promise<void> => {
	await using place = await openPlace();
	const {machines, ...env} = await ownCache(place);
	const args = ['ref:probe', '--only', 'pci', '--network', 'user'];
	const first = await judge(place, args, env);
	t.is(first.exitCode, 0);
	const [entry = ''] = await machinesIn(machines);
	await damage(path.join(machines, entry));
	const run = await judge(place, args, env);
	t.is(run.exitCode, 0);
	t.notRegex(run.stdout, /Not booted/v);
	const events = await readFile(path.join(place.artifacts, 'latest/events.jsonl'), 'utf8');
	t.regex(events, /"The machine booted earlier cannot be taken up; booting anew: /v);
	t.notRegex(events, /beside others/v);
	t.deepEqual(verdicts(run.result), verdicts(first.result));
	t.regex((await judge(place, args, env)).stdout, /Not booted/v);
	const fresh = await judge(place, [...args, '--fresh'], env);
	t.notRegex(fresh.stdout, /Not booted/v);
	t.deepEqual(await leftBehind(place), []);
};
