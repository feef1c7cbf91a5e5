import {readdir, stat} from 'node:fs/promises';
import os from 'node:os';
import test from 'ava';
import {monotonicMs} from '../../harness/core/clock.ts';
import {memoryOf} from '../../harness/machine/saved/saved-machine.ts';
import {openCopies} from '../copies.ts';
import {judge, openPlace} from '../e2e/_program.ts';

const times = Number(process.env['COPIES'] ?? 500);

const openFiles = async (): Promise<number> => (await readdir('/proc/self/fd')).length;
const namespaces = async (): Promise<number> => {
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/v.test(name));
	const nets = await Promise.all(pids.map(async (pid) => stat(`/proc/${pid}/ns/net`).catch(() => undefined)));
	return new Set(nets.map((net) => net?.ino)).size;
};

test.serial(`${times} copies in a row leave nothing behind`, async (t) => {
	t.timeout(3_600_000);
	await using place = await openPlace();
	await judge(place, ['ref:probe', '--only', 'pci']);
	await using copies = await openCopies('ref:probe');
	const before = {files: 0, namespaces: await namespaces(), heap: 0, temporary: (await readdir(os.tmpdir())).length};
	const memory = await stat(memoryOf(copies.saved.directory));
	const ms: number[] = [];
	for (let time = 0; time < times; time++) {
		const startedAt = monotonicMs();
		{
			await using copy = await copies.open();
			ms.push(monotonicMs() - startedAt);
			t.is((await copy.guest.run('cat /dev/shm/mark 2>/dev/null; echo x >/dev/shm/mark')).text, '');
		}

		if (time === Math.min(20, times - 1)) {
			before.files = await openFiles();
			before.heap = process.memoryUsage().rss;
		}
	}

	t.deepEqual(await copies.pids(), []);
	t.true((await openFiles()) <= before.files + 2, `open files: ${before.files} → ${await openFiles()}`);
	t.true((await namespaces()) <= before.namespaces, 'network namespaces');
	t.is((await readdir(os.tmpdir())).length, before.temporary);
	t.is((await stat(memoryOf(copies.saved.directory))).mtimeMs, memory.mtimeMs);
	const grown = (process.memoryUsage().rss - before.heap) / 2 ** 20;
	t.true(times < 100 || grown < 100, `memory of the harness grew by ${grown.toFixed(0)} MiB`);
	const sorted = ms.toSorted((a, b) => a - b);
	t.log(
		`a copy is ready after ${sorted[Math.floor(sorted.length / 2)]?.toFixed(0)} ms (median), ${sorted.at(-1)?.toFixed(0)} at most; memory grew by ${grown.toFixed(0)} MiB`,
	);
});
