import {randomBytes} from 'node:crypto';
import test from 'ava';
import {Deadline} from '../../harness/core/deadline.ts';
import {RootShell} from '../../harness/console/root-shell.ts';
import {openShellGuest} from './_shell-guest.ts';

const within = (budgetMs: number): Deadline => new Deadline({phase: 'access', budgetMs});

const shells = {
	busybox: ['/bin/busybox', 'sh', '-i'],
	dash: ['/bin/dash', '-i'],
	bash: ['/bin/bash', '--norc', '-i'],
	'dash without a prompt': ['/bin/dash'],
} as const;

/** A prompt that looks like an answer as far as it can. */
const env = {PS1: '@bw:0:e:0 \\u@\\h:\\w# ', PROMPT_COMMAND: 'echo prompt'};
const allBytes = Buffer.from(Array.from({length: 256}, (_, byte) => byte));

for (const [name, command] of Object.entries(shells)) {
	test(`${name}: status, stdout and stderr apart, exact bytes`, async (t) => {
		await using guest = await openShellGuest({command, env});
		await using shell = await RootShell.open(guest.port, within(30_000));
		t.like(await shell.run('true'), {status: 0, text: '', stderr: ''});
		t.like(await shell.run('echo out; echo err >&2; exit 3'), {status: 3, text: 'out', stderr: 'err\n'});
		t.is((await shell.run("sh -c 'kill -9 $$'")).status, 137);
		t.is((await shell.run('cat <<EOF\none "two"\n\tthrée \\ $((2 + 2)) !!\nEOF')).text, 'one "two"\n\tthrée \\ 4 !!');
		t.is((await shell.run('cd /usr; A=1; false')).status, 1);
		t.is((await shell.run('echo "$A$PWD"')).text, '/');
		t.is((await shell.run('if')).status, 2);
		t.is((await shell.run('exec 2>&1; nonexistent-command')).status, 127);
		const octal = Array.from(allBytes, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
		t.deepEqual((await shell.run(`printf '${octal}'`)).stdout, allBytes);
	});

	test(`${name}: standard input, byte for byte, and none where none is given`, async (t) => {
		await using guest = await openShellGuest({command, env});
		await using shell = await RootShell.open(guest.port, within(30_000));
		const stdin = Buffer.concat([allBytes, randomBytes(30_000), allBytes]);
		t.deepEqual((await shell.run('cat', {stdin})).stdout, stdin);
		t.is((await shell.run('cat; read -r line; echo $?')).text, '1');
		t.deepEqual((await shell.run('cat', {stdin: Buffer.alloc(0)})).stdout.length, 0);
	});
}

const dash = {command: shells.dash, env} as const;

test('1 MiB, and no more than is asked for', async (t) => {
	await using guest = await openShellGuest(dash);
	await using shell = await RootShell.open(guest.port, within(30_000));
	const all = await shell.run('i=0; while [ $i -lt 64 ]; do printf "%016384d" $i; i=$((i+1)); done', {
		deadline: within(60_000),
	});
	const expected = Array.from({length: 64}, (_, index) => String(index).padStart(16_384, '0')).join('');
	t.true(all.stdout.equals(Buffer.from(expected)));
	t.false(all.truncated);
	const some = await shell.run('echo 123456789; echo error >&2', {maxBytes: 4});
	t.like(some, {text: '1234', stderr: 'erro', truncated: true});
	t.like(await shell.run('printf 1234', {maxBytes: 4}), {text: '1234', truncated: false});
});

test('commands that are asked for at once run one after the other', async (t) => {
	await using guest = await openShellGuest(dash);
	await using shell = await RootShell.open(guest.port, within(30_000));
	const file = `${guest.directory}/order`;
	const results = await Promise.all(
		[1, 2, 3, 4].map(async (number) => shell.run(`echo ${number} >>${file}; cat ${file}`)),
	);
	t.deepEqual(
		results.map(({text}) => text.replaceAll('\n', '')),
		['1', '12', '123', '1234'],
	);
});

const kernel = Buffer.from('[   12.345678] random: crng init done\r\n');

/** The kernel speaks in the middle of what the guest writes, at the n-th byte and every n bytes from there on. */
const interrupt = (every: number): ((bytes: Buffer) => Buffer) => {
	let until = every;
	return (bytes) => {
		const parts: Buffer[] = [];
		for (let rest = bytes; rest.length > 0;) {
			const taken = Math.min(rest.length, until);
			parts.push(rest.subarray(0, taken));
			rest = rest.subarray(taken);
			until -= taken;
			if (until === 0) {
				parts.push(kernel);
				until = every;
			}
		}

		return Buffer.concat(parts);
	};
};

for (const every of [37, 101, 1009]) {
	test(`kernel messages after every ${every} bytes change nothing`, async (t) => {
		let disturb = (bytes: Buffer): Buffer => bytes;
		await using guest = await openShellGuest({...dash, disturb: (bytes) => disturb(bytes)});
		await using shell = await RootShell.open(guest.port, within(30_000), {nudgeMs: 100});
		disturb = interrupt(every);
		const stdin = randomBytes(500);
		const result = await shell.run('cat; echo err >&2; exit 7', {stdin, deadline: within(60_000)});
		t.deepEqual(result.stdout, stdin);
		t.like(result, {stderr: 'err\n', status: 7});
	});
}

test('contact is made while the kernel speaks', async (t) => {
	await using guest = await openShellGuest({...dash, disturb: interrupt(211)});
	await using shell = await RootShell.open(guest.port, within(60_000), {nudgeMs: 100});
	t.is((await shell.run('echo ok')).text, 'ok');
});

/** Loses the pieces that say so, one after the other. */
const losing = (lost: (piece: string) => boolean): ((bytes: Buffer) => Buffer) & {readonly count: () => number} => {
	let count = 0;
	const disturb = (bytes: Buffer): Buffer => {
		if (!lost(bytes.toString('latin1'))) {
			return bytes;
		}

		count += 1;
		return Buffer.alloc(0);
	};
	return Object.assign(disturb, {count: () => count});
};

test('an answer that is lost is asked for again, as a whole or a line of it', async (t) => {
	let disturb = losing(() => false);
	await using guest = await openShellGuest({...dash, disturb: (bytes) => disturb(bytes)});
	await using shell = await RootShell.open(guest.port, within(30_000), {nudgeMs: 100});
	const command = 'head -c 3000 /dev/zero | tr "\\0" x; echo err >&2; exit 3';
	const losses = {
		everything: /^/,
		'the beginning': /:b/,
		stdout: /eHh4/,
		'what is between': /:m:/,
		stderr: /ZXJy/,
		'the end': /:e:/,
	};
	for (const [what, pattern] of Object.entries(losses)) {
		let left = 2;
		disturb = losing((piece) => pattern.test(piece) && left-- > 0);
		const {stdout, stderr, status} = await shell.run(command);
		t.deepEqual([stdout.toString(), stderr, status], ['x'.repeat(3000), 'err\n', 3], what);
		t.true(disturb.count() > 0, what);
	}
});

test('lines of the output that are lost are noticed', async (t) => {
	let left = 0;
	await using guest = await openShellGuest({
		...dash,
		disturb(bytes) {
			// Whole lines of base64, as they stand in the middle.
			const text = bytes.toString('latin1');
			const found = left > 0 ? /(?:eHh4{1,}[^\n]*\n){2}/.exec(text) : null;
			left -= found === null ? 0 : 1;
			return found === null ? bytes : Buffer.from(text.replace(found[0], ''), 'latin1');
		},
	});
	await using shell = await RootShell.open(guest.port, within(30_000), {nudgeMs: 100});
	left = 1;
	t.is((await shell.run('head -c 3000 /dev/zero | tr "\\0" x')).text, 'x'.repeat(3000));
	t.is(left, 0);
});

test('an answer that is asked for while it is being given comes out whole', async (t) => {
	for (const [kind, command] of Object.entries(shells)) {
		await using guest = await openShellGuest({command, env});
		await using shell = await RootShell.open(guest.port, within(60_000), {nudgeMs: 12});
		for (let attempt = 0; attempt < 40; attempt++) {
			// Of different lines, so that any other order shows.
			const {stdout} = await shell.run('i=0; while [ $i -lt 700 ]; do echo "line $i of the output"; i=$((i+1)); done');
			const expected = Array.from({length: 700}, (_, index) => `line ${index} of the output\n`).join('');
			if (stdout.toString() !== expected) {
				t.fail(`${kind}, attempt ${attempt}: ${stdout.length} bytes instead of ${expected.length}`);
				return;
			}
		}
	}

	t.pass();
});

test('a command that is silent for longer than the nudge is waited for, and runs once', async (t) => {
	await using guest = await openShellGuest(dash);
	await using shell = await RootShell.open(guest.port, within(30_000), {nudgeMs: 50});
	const file = `${guest.directory}/runs`;
	t.is((await shell.run(`echo run >>${file}; sleep 0.7; cat ${file}`)).text, 'run');
});

test('a command that outlives its deadline is killed with all it started; the shell goes on', async (t) => {
	await using guest = await openShellGuest(dash);
	await using shell = await RootShell.open(guest.port, within(30_000), {nudgeMs: 100});
	const pids = `${guest.directory}/pids`;
	const command = `sleep 1000 & echo $! >${pids}; sh -c 'echo $$ >>${pids}; trap "" TERM INT HUP; sleep 1000'; echo never`;
	const error = await t.throwsAsync(shell.run(command, {deadline: within(500)}), {name: 'DeadlineError'});
	t.is(
		error.message.replace(/\d+\.\d s/, 'N s'),
		`Command ${JSON.stringify(`${command.slice(0, 79)}…`)} on ttyS1 was not over after N s in phase "access". Log: ${guest.logPath}`,
	);
	// Z: dead, and nobody waits for it here.
	const states = await shell.run(
		String.raw`for p in $(cat ${pids}); do sed 's/.*) \(.\).*/\1/' /proc/$p/stat || echo Z; done`,
	);
	t.is(states.text, 'Z\nZ');
	t.is((await shell.run(`wc -l <${pids}`)).text, '2');
});

test('an aborted command ends at once with the signal’s reason', async (t) => {
	await using guest = await openShellGuest(dash);
	await using shell = await RootShell.open(guest.port, within(30_000), {nudgeMs: 100});
	const abort = new AbortController();
	const deadline = new Deadline({phase: 'scenario', budgetMs: 60_000, signal: abort.signal});
	const running = shell.run('sleep 1000', {deadline});
	abort.abort(new Error('the guest is dead'));
	await t.throwsAsync(running, {message: 'the guest is dead'});
	t.is((await shell.run('echo alive')).text, 'alive');
});

test('a shell that is gone, and a port that is closed, are told apart', async (t) => {
	await using guest = await openShellGuest({
		command: shells.dash,
		disturb: (bytes) => (gone ? Buffer.alloc(0) : bytes),
	});
	let gone = false;
	await using shell = await RootShell.open(guest.port, within(30_000), {nudgeMs: 20});
	gone = true;
	const error = await t.throwsAsync(shell.run('echo x'), {name: 'GuestError'});
	t.regex(error.message, /^The shell on ttyS1 does not answer any more\. Last line: ".*"\. Log: /);
	guest.guest.destroy();
	await t.throwsAsync(shell.run('echo x'), {name: 'PortClosedError'});
});

test('where no shell is, the deadline says so', async (t) => {
	await using guest = await openShellGuest({command: ['/bin/sleep', '1000']});
	const error = await t.throwsAsync(RootShell.open(guest.port, within(300)), {name: 'DeadlineError'});
	t.regex(error.message, /^No shell answered on ttyS1 after 0\.\d s in phase "access"\. Last line: /);
});

test('after the shell is closed the prompt is back, nothing is left, and it can be opened again', async (t) => {
	await using guest = await openShellGuest({command: shells.dash, env: {PS1: 'prompt# '}});
	let directory: string;
	let from: number;
	{
		await using shell = await RootShell.open(guest.port, within(30_000));
		// Where the helper keeps what it needs.
		directory = (await shell.run('ls "$D" >/dev/null && echo "$D"')).text;
		from = guest.port.received;
	}

	await guest.port.expect('prompt# ', within(10_000), {from});
	await using again = await RootShell.open(guest.port, within(30_000));
	t.regex(directory, /^\/.*\/\.bootwright-/);
	t.not((await again.run(`ls -d ${directory}`)).status, 0);
});

test('half a line, a running command, and a helper of somebody else are in nobody’s way', async (t) => {
	await using guest = await openShellGuest({command: shells.dash, env: {PS1: 'prompt# '}});
	await guest.port.expect('prompt# ', within(10_000));
	await guest.port.write('echo half a');
	const first = await RootShell.open(guest.port, within(30_000), {nudgeMs: 100});
	t.is((await first.run('echo one')).text, 'one');
	const second = await RootShell.open(guest.port, within(30_000), {nudgeMs: 100});
	t.is((await second.run('echo two')).text, 'two');
});
