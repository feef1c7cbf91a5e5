import test from 'ava';
import {HostError} from '../../../harness/core/errors.ts';
import {isDiskFull, runTool} from '../../../harness/image/build/tool.ts';

test('output without its last newline, standard error line by line', async (t) => {
	const lines: string[] = [];
	const script = 'cat; echo one >&2; echo two >&2';
	const output = await runTool('sh', ['-c', script], {input: 'in\nout\n', onLine: (line) => void lines.push(line)});
	t.is(output, 'in\nout');
	t.deepEqual(lines, ['one', 'two']);
});

test('neither language nor time zone of the host come in', async (t) => {
	t.is(await runTool('sh', ['-c', 'echo "$LC_ALL $TZ $EXTRA"'], {env: {EXTRA: 'x'}}), 'C.UTF-8 UTC x');
});

test('a missing program is named with its package', async (t) => {
	const path = process.env['PATH'];
	await t.throwsAsync(runTool('no-such-program', []), {
		instanceOf: HostError,
		message: 'Building images needs the program "no-such-program", which this host does not have',
	});
	t.is(process.env['PATH'], path);
});

test('a failure comes with status and last words', async (t) => {
	const script = 'for i in 1 2 3 4 5 6; do echo "line $i" >&2; done; exit 7';
	await t.throwsAsync(runTool('sh', ['-c', script], {name: 'the tool'}), {
		instanceOf: HostError,
		message: 'the tool ended with status 7: line 3 | line 4 | line 5 | line 6',
	});
	await t.throwsAsync(runTool('sh', ['-c', 'kill -9 $$']), {message: 'sh was ended by SIGKILL: it said nothing'});
});

test('a full disk, in the words of the C library and of apt', async (t) => {
	await t.throwsAsync(runTool('cp', ['/etc/os-release', '/dev/full']), {
		message: 'No space left on the disk while building an image',
	});
	t.true(isDiskFull("E: You don't have enough free space in /var/cache/apt/archives/."));
	t.false(isDiskFull('E: Unable to locate package'));
});

test('a program that is not wanted any more is told to end, and the reason comes back', async (t) => {
	const stop = new AbortController();
	const reason = new Error('enough');
	const onLine = (): void => stop.abort(reason);
	const script = 'trap "exit 0" TERM; echo started >&2; while :; do sleep 0.01; done';
	t.is(await t.throwsAsync(runTool('sh', ['-c', script], {signal: stop.signal, onLine})), reason);
});
