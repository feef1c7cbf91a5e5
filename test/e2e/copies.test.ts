import {readdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {type RunEvent} from '../../harness/core/events.ts';
import {checkMemory, readCheck} from '../../harness/machine/saved/memory-check.ts';
import {checkOf, memoryOf} from '../../harness/machine/saved/saved-machine.ts';
import {findQemu} from '../../harness/qemu/find-qemu.ts';
import {filesMatch} from '../../harness/runner/clones/entry-digests.ts';
import {flippedBit, machinesIn, notBelieved, orderNext, ownCache, startedIn, verdicts} from './_machines.ts';
import {judge, leftBehind, openPlace, startJudging} from './_program.ts';

/** All that takes no longer than a few seconds; the rest in test/long/any-order.test.ts. */
const quick = ['--skip', 'throughput.*', '--skip', 'offload-*', '--skip', 'uart'];

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
				return ['--scenario', file];
			}),
		);
		const args = ['ref:probe', ...quick, ...users.flat()];
		const single = await judge(place, ['ref:probe', ...quick, '--no-copies'], env);
		const cold = await judge(place, [...args, '--jobs', '3'], env);
		t.is(cold.exitCode, 0, cold.stdout);
		t.deepEqual(
			verdicts(cold.result).filter((row) => !row.startsWith('custom.')),
			verdicts(single.result),
		);
		const [entry = ''] = await machinesIn(machines);
		const saved = path.join(machines, entry);
		const ids = cold.result.scenarios.map(({id}) => id).filter((id) => id !== 'boot');
		await orderNext(saved, ids);
		const cached = await judge(place, [...args, '--jobs', '2'], env);
		t.regex(cached.stdout, /Not booted: copies of the machine that was booted on/v);
		t.deepEqual(verdicts(cached.result), verdicts(cold.result));
		t.deepEqual(cached.result.phases, cold.result.phases);
		t.deepEqual(await machinesIn(machines), [entry]);
		await orderNext(saved, ids.toReversed());
		const again = await judge(place, [...args, '--jobs', '1'], env);
		t.regex(again.stdout, /Not booted/v);
		t.deepEqual(await startedIn(place), [...ids.toReversed(), 'boot']);
		t.deepEqual(await checkMemory(memoryOf(saved), (await findQemu()).imgPath), await readCheck(checkOf(saved)));
		t.true(await filesMatch(saved));
		t.deepEqual(verdicts(again.result), verdicts(cold.result));
		t.deepEqual(await leftBehind(place), []);
		t.log(`cold ${(cold.ms / 1000).toFixed(1)} s, cached ${(cached.ms / 1000).toFixed(1)} s`);
	},
);

test.serial('a machine with a flipped bit in its memory is not believed: it is booted anew', async (t) => {
	t.timeout(300_000);
	await notBelieved(t, flippedBit);
});

test.serial('killed while it saves or copies: nothing runs on, and the next run tidies up', async (t) => {
	t.timeout(300_000);
	await using place = await openPlace();
	const {machines, ...env} = await ownCache(place);
	const args = ['ref:probe', '--only', 'pci', '--only', 'uart', '--network', 'user'];
	const killAt = async (wanted: RunEvent['type'], ...more: readonly string[]): Promise<void> => {
		const killed = startJudging({...place, env: {...place.env, ...env}}, [...args, ...more]);
		await killed.event(({type}) => type === wanted);
		t.is((await readdir(machines)).filter((name) => name.startsWith('.growing-')).length, 1);
		killed.child.kill('SIGKILL');
		await killed.child;
	};

	const isTidy = async (): Promise<void> => {
		const names = await readdir(machines);
		t.deepEqual(
			names.filter((name) => /^\.(?:growing|used)-/v.test(name)),
			[],
		);
		t.is((await machinesIn(machines)).length, 1);
	};

	await killAt('scenario-started');
	t.is((await judge(place, args, env)).exitCode, 0);
	await isTidy();
	await killAt('phase-reached', '--fresh');
	t.regex((await judge(place, args, env)).stdout, /Not booted/v);
	await isTidy();
	t.deepEqual(await leftBehind(place), []);
});
