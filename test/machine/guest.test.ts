import test from 'ava';
import {execa} from 'execa';
import {Deadline} from '../../harness/core/deadline.ts';
import {parseFacts} from '../../harness/machine/guest-facts.ts';
import {type CommandOptions, createGuest} from '../../harness/machine/guest.ts';
import {kernels, recordedText} from './observe/_recorded.ts';

/** A guest that is this very machine. */
const local = () => {
	const runs: Array<{readonly command: string; readonly options: CommandOptions}> = [];
	const guest = createGuest(
		{
			async run(command, own = {}) {
				runs.push({command, options: own});
				const {
					stdout,
					stderr,
					exitCode = -1,
				} = await execa('sh', ['-c', command], {
					reject: false,
					encoding: 'buffer',
					stripFinalNewline: false,
				});
				const text = Buffer.from(stdout).toString().trim();
				return {stdout: Buffer.from(stdout), stderr: stderr.toString(), text, status: exitCode, durationMs: 1};
			},
		},
		{shellPort: 'ttyS2'},
	);
	return {guest, runs};
};

test('facts are asked once, also through another view of the guest', async (t) => {
	const {guest, runs} = local();
	using deadline = new Deadline({phase: 'test', budgetMs: 10_000});
	const facts = await guest.facts();
	t.is(await guest.within(deadline).facts(), facts);
	t.is(runs.length, 1);
	t.is(facts.kernelRelease, (await execa('uname', ['-r'])).stdout);
	t.is(facts.architecture, (await execa('uname', ['-m'])).stdout);
	t.true(facts.tools.has('sha256sum'));
});

for (const kernel of kernels) {
	test(`facts of the probe on ${kernel}`, (t) => {
		const facts = parseFacts(recordedText(`guest/${kernel}.facts`));
		t.true(facts.kernelRelease.startsWith(`${kernel.slice('linux-'.length)}.`));
		t.is(facts.architecture, 'x86_64');
		t.deepEqual([...facts.tools], ['sha256sum', 'md5sum', 'od', 'stty', 'zcat']);
	});
}

test('files are read in one round trip; what is not there is undefined', async (t) => {
	const {guest, runs} = local();
	const dump = await guest.readAll(['/proc/self/comm', '/proc/sys/kernel/ostype', '/nothing/*']);
	t.is(runs.length, 1);
	t.deepEqual(dump.keys().toArray(), ['/proc/self/comm', '/proc/sys/kernel/ostype']);
	t.is((await guest.read('/proc/sys/kernel/ostype'))?.toString(), 'Linux\n');
	t.is(await guest.read('/nothing'), undefined);
});

test('a command’s own deadline comes before the guest’s', async (t) => {
	using outer = new Deadline({phase: 'outer', budgetMs: 10_000});
	using inner = new Deadline({phase: 'inner', budgetMs: 10_000});
	const {guest, runs} = local();
	await guest.run(':');
	await guest.within(outer).run(':');
	await guest.within(outer).run(':', {deadline: inner, maxBytes: 3});
	t.deepEqual(
		runs.map(({options}) => [options.deadline?.phase, options.maxBytes]),
		[
			[undefined, undefined],
			['outer', undefined],
			['inner', 3],
		],
	);
});
