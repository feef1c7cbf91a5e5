import test from 'ava';
import {Deadline} from '../../harness/core/deadline.ts';
import {RootShell} from '../../harness/console/root-shell.ts';
import {openShellGuest} from './_shell-guest.ts';

const within = (budgetMs: number): Deadline => new Deadline({phase: 'access', budgetMs});

const shells = {
	busybox: ['/usr/bin/busybox', 'sh', '-i'],
	dash: ['/usr/bin/dash', '-i'],
	bash: ['/usr/bin/bash', '--norc', '-i'],
	'dash without a prompt': ['/usr/bin/dash'],
} as const;

for (const [name, command] of Object.entries(shells)) {
	test(`${name}: status, stdout and stderr apart, exact bytes`, async (t) => {
		await using guest = await openShellGuest({command, env: {PS1: '\\u@\\h:\\w# ', PROMPT_COMMAND: 'echo prompt'}});
		await using shell = await RootShell.open(guest.port, within(20_000));
		t.like(await shell.run('true'), {status: 0, text: '', stderr: ''});
		t.like(await shell.run('echo out; echo err >&2; exit 3'), {status: 3, text: 'out', stderr: 'err\n'});
		t.like(await shell.run('printf "a\\000\\r\\n\\021\\023\\377 "'), {status: 0});
		t.deepEqual(
			(await shell.run('printf "a\\000\\r\\n\\021\\023\\377 "')).stdout,
			Buffer.from([97, 0, 13, 10, 17, 19, 255, 32]),
		);
		t.is((await shell.run('cat <<EOF\none "two"\n\tthrée \\ $((2 + 2)) !!\nEOF')).text, 'one "two"\n\tthrée \\ 4 !!');
		t.is((await shell.run('cd /usr; A=1; false')).status, 1);
		t.is((await shell.run('echo "$A$PWD"')).text, '/');
		t.is((await shell.run('if')).status, 2);
	});
}
