import {chmod, mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {dir} from 'tmp-promise';
import {Deadline} from '../../harness/core/deadline.ts';
import {DeadlineError} from '../../harness/core/errors.ts';
import {type CommandResult, createGuest} from '../../harness/machine/guest.ts';
import {parseState, settle} from '../../harness/machine/settle.ts';

/** A guest whose shell is this host's, with a systemctl of our own and systemd's mark in place of the real ones. */
const guestWith = async (t: ExecutionContext, systemctl: string) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bw-settle'});
	t.teardown(cleanup);
	await mkdir(path.join(directory, 'bin'));
	const program = path.join(directory, 'bin/systemctl');
	await writeFile(program, `#!/bin/sh\nstate=${directory}/state\n${systemctl}\n`);
	await chmod(program, 0o755);
	return createGuest(
		{
			run: async (command): Promise<CommandResult> => {
				const {stdout, exitCode = 0} = await execa('sh', ['-c', command.replace('-d /run/systemd/system', '-d /')], {
					env: {PATH: `${directory}/bin:${process.env['PATH'] ?? ''}`},
				});
				return {stdout: Buffer.from(stdout), text: stdout, stderr: '', status: exitCode, durationMs: 0};
			},
		},
		{shellPort: 'ttyS1'},
	);
};

const settled = async (t: ExecutionContext, systemctl: string): Promise<readonly string[]> => {
	using deadline = new Deadline({phase: 'settle', budgetMs: 60_000});
	return (await settle(await guestWith(t, systemctl), deadline)).remarks;
};

test('over when no job is left', async (t) => {
	t.deepEqual(await settled(t, 'exit 0'), []);
});

test('waits while jobs go on, then tells what failed', async (t) => {
	const remarks = await settled(
		t,
		`case $* in
*list-jobs*) n=$(cat "$state" 2>/dev/null || echo 0); echo $((n+1)) >"$state"; [ "$n" -ge 3 ] || echo "$n a.service start running" ;;
*--failed*) echo "b.service loaded failed failed B" ;;
esac`,
	);
	t.deepEqual(remarks, ['Units of the image that failed to start: b.service']);
});

test('what hangs is named, what only waits for it is not', (t) => {
	t.deepEqual(parseState('starting agent.service\nfailed b.service\nfailed c.service\n'), [
		"The image's start did not end: agent.service still starting, and nothing moved for 5 s",
		'Units of the image that failed to start: b.service, c.service',
	]);
});

test('a start that never ends costs its own deadline, not the run', async (t) => {
	const guest = createGuest(
		{
			run: async (_command, {deadline} = {}) => {
				throw new DeadlineError(deadline?.phase ?? '', 'too late');
			},
		},
		{shellPort: 'ttyS1'},
	);
	using deadline = new Deadline({phase: 'settle', budgetMs: 60_000});
	t.deepEqual(await settle(guest, deadline), {
		remarks: ['The image was still starting after 0 s; it is judged as it is'],
		isOver: false,
	});
});
