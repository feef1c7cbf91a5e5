import {mkdir, open, readFile, readdir, symlink, truncate, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {cacheFolder} from '../../harness/core/cache-folder.ts';
import {type RunResult} from '../../harness/report/result-schema.ts';
import {type Place, judge, leftBehind, openPlace, startJudging} from './_program.ts';

/** A cache of the place's own for booted machines; images are those of the usual one. */
const ownCache = async ({directory}: Place): Promise<{readonly machines: string; readonly XDG_CACHE_HOME: string}> => {
	const cache = path.join(directory, 'cache');
	await mkdir(path.join(cache, 'bootwright'), {recursive: true});
	await symlink(cacheFolder('images'), path.join(cache, 'bootwright/images'));
	return {machines: path.join(cache, 'bootwright/machines'), XDG_CACHE_HOME: cache};
};

const only = ['--only', 'scsi', '--only', 'pci', '--only', 'boot.*'];

const verdicts = ({requirements}: RunResult): readonly string[] =>
	requirements.map(({id, verdict}) => `${id} ${verdict}`).toSorted((a, b) => a.localeCompare(b, 'en'));

const machinesIn = async (folder: string): Promise<readonly string[]> =>
	(await readdir(folder)).filter((name) => !name.startsWith('.'));

/** Scenarios that each change the guest, and complain about what another one changed. */
const intruder = (id: string): string => String.raw`
import {scenario, equal} from '${path.resolve(import.meta.dirname, '../../harness/index.ts')}';
export default scenario({
	id: '${id}',
	title: 'changes the guest',
	proves: ['custom.${id}'],
	needsGuest: true,
	async run({guest, judge}) {
		const look = 'ls /dev/shm/mark-* 2>/dev/null; head -c 9 /dev/sda; cat /proc/sys/kernel/domainname';
		const before = await guest.run(look);
		await guest.run('mkdir -p /dev/shm; echo x >/dev/shm/mark-${id}; printf "written-%s" ${id} | dd of=/dev/sda conv=notrunc 2>/dev/null; sync; echo ${id} >/proc/sys/kernel/domainname; cat /proc/uptime; head -c 16 /dev/urandom | md5sum');
		await guest.run('sleep 1');
		const after = await guest.run('ls /dev/shm/mark-*; head -c 9 /dev/sda; cat /proc/sys/kernel/domainname; date -u +%s');
		const lines = after.text.split('\n');
		judge('custom.${id}', [
			equal('guest', 'marks of others', {expected: 'none', observed: /mark-|written-/.test(before.text) || before.text.includes('intruder') ? before.text : 'none'}),
			equal('guest', 'own marks', {expected: '/dev/shm/mark-${id}', observed: lines.slice(0, -2).join(' ').replace(/ .*/, '')}),
			equal('guest', 'clock', {expected: 'right', observed: Math.abs(Number(lines.at(-1)) - Date.now() / 1000) < 5 ? 'right' : lines.at(-1) ?? ''}),
		]);
	},
});
`;

test.serial(
	'a machine is booted once; copies of it give the same verdicts, and see nothing of each other',
	async (t) => {
		t.timeout(300_000);
		await using place = await openPlace();
		const {machines, ...env} = await ownCache(place);
		const users = await Promise.all(
			['intruder-one', 'intruder-two', 'intruder-three'].map(async (id) => {
				const file = path.join(place.directory, `${id}.ts`);
				await writeFile(file, intruder(id));
				return ['--scenario', file, '--only', `custom.${id}`];
			}),
		);
		const args = ['ref:probe', ...only, ...users.flat()];
		const single = await judge(place, ['ref:probe', ...only, '--no-copies'], env);
		const cold = await judge(place, [...args, '--jobs', '3'], env);
		t.is(cold.exitCode, 0, cold.stdout);
		t.deepEqual(
			verdicts(cold.result).filter((row) => !row.startsWith('custom.')),
			verdicts(single.result),
		);
		const [entry = ''] = await machinesIn(machines);
		const memory = await readFile(path.join(machines, entry, 'memory.crc32'));
		const cached = await judge(place, [...args, '--jobs', '2'], env);
		t.regex(cached.stdout, /Not booted: copies of the machine that was booted on/v);
		t.deepEqual(verdicts(cached.result), verdicts(cold.result));
		t.deepEqual(cached.result.phases, cold.result.phases);
		t.deepEqual(await machinesIn(machines), [entry]);
		t.deepEqual(await readFile(path.join(machines, entry, 'memory.crc32')), memory);
		const again = await judge(place, [...args, '--jobs', '1'], env);
		t.deepEqual(verdicts(again.result), verdicts(cold.result));
		t.deepEqual(await leftBehind(place), []);
		t.log(`cold ${(cold.ms / 1000).toFixed(1)} s, cached ${(cached.ms / 1000).toFixed(1)} s`);
	},
);

const damages: ReadonlyArray<readonly [string, (entry: string) => Promise<void>]> = [
	[
		'a flipped bit in its memory',
		async (entry) => {
			const check = await readFile(path.join(entry, 'memory.crc32'));
			const offset = check.readUInt32LE(8 * Math.floor(check.length / 16)) * 64 * 1024;
			await using file = await open(path.join(entry, 'memory'), 'r+');
			const {buffer} = await file.read(Buffer.alloc(1), 0, 1, offset);
			await file.write(Buffer.of(buffer.readUInt8(0) ^ 1), 0, 1, offset);
		},
	],
	['a state that was cut off', async (entry) => truncate(path.join(entry, 'state'), 1000)],
	['nothing said about it', async (entry) => writeFile(path.join(entry, 'about.json'), '{')],
];

test.serial('a machine that is damaged is not believed: it is booted anew', async (t) => {
	t.timeout(300_000);
	await using place = await openPlace();
	const {machines, ...env} = await ownCache(place);
	const args = ['ref:probe', '--only', 'pci', '--network', 'user'];
	const first = await judge(place, args, env);
	t.is(first.exitCode, 0);
	for (const [what, damage] of damages) {
		const [entry = ''] = await machinesIn(machines);
		await damage(path.join(machines, entry));
		const run = await judge(place, args, env);
		t.is(run.exitCode, 0, what);
		t.notRegex(run.stdout, /Not booted/v, what);
		t.deepEqual(verdicts(run.result), verdicts(first.result), what);
		t.regex((await judge(place, args, env)).stdout, /Not booted/v, what);
	}

	const fresh = await judge(place, [...args, '--fresh'], env);
	t.notRegex(fresh.stdout, /Not booted/v);
	t.deepEqual(await leftBehind(place), []);
});

test.serial('killed while it saves or copies: nothing runs on, and the next run tidies up', async (t) => {
	t.timeout(300_000);
	await using place = await openPlace();
	const {machines, ...env} = await ownCache(place);
	const args = ['ref:probe', '--only', 'pci', '--only', 'uart', '--network', 'user'];
	const killed = startJudging({...place, env: {...place.env, ...env}}, args);
	await killed.event(({type}) => type === 'scenario-started');
	t.is((await readdir(machines)).filter((name) => name.startsWith('.growing-')).length, 1);
	killed.child.kill('SIGKILL');
	await killed.child;
	const run = await judge(place, args, env);
	t.is(run.exitCode, 0);
	t.deepEqual(
		(await readdir(machines)).filter((name) => /^\.(?:growing|used)-/v.test(name)),
		[],
	);
	t.is((await machinesIn(machines)).length, 1);
	t.deepEqual(await leftBehind(place), []);
});
