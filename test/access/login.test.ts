import {readFile} from 'node:fs/promises';
import test from 'ava';
import {spawn} from 'node-pty';
import {loginWith} from '../../harness/access/login.ts';
import {monotonicMs} from '../../harness/core/clock.ts';
import {Deadline} from '../../harness/core/deadline.ts';
import {GuestError} from '../../harness/core/errors.ts';
import {type FakePort, openFakePort} from '../console/_fake-port.ts';
import {converse} from './_conversation.ts';

const deadline = () => new Deadline({phase: 'access', budgetMs: 20_000});
const user = {user: 'root', password: 'hunter2'};
const uidQuestion = / echo "@b""wu:([\da-f]+):\$\(id -u\)"/;

/** A real shell on the other end of the port, at a terminal with echo, as a user logged in would have it. */
const attachShell = ({guest}: FakePort, file: string): Disposable => {
	const shell = spawn(file, [], {env: {...process.env, PS1: '# '}, cols: 80, rows: 24});
	const output = shell.onData((data) => guest.write(data));
	guest.on('data', (data) => shell.write(data.toString()));
	return {
		[Symbol.dispose]() {
			output.dispose();
			shell.kill();
		},
	};
};

const failure = async (fake: FakePort): Promise<GuestError> => {
	using limit = deadline();
	try {
		await loginWith({port: fake.port, ...user, deadline: limit});
	} catch (error) {
		if (error instanceof GuestError) {
			return error;
		}

		throw error;
	}

	throw new Error('logged in');
};

test('agetty and login, with kernel messages and a message of the day in between', async (t) => {
	await using fake = await openFakePort();
	using limit = deadline();
	const login = loginWith({port: fake.port, ...user, deadline: limit});
	const typed = await converse(fake, [
		[
			'\r\nLast login: never\r\nDebian GNU/Linux 12 debian ttyS0\r\n\r\ndebian login: [   12.345678] random: crng init done\r\n',
		],
		['root\r\nPassword: '],
		['\r\nLinux debian 6.1.0\r\n\r\n# Welcome #\r\nThe programs included\r\nLast login: Tue on ttyS0\r\n', false],
	]);
	t.deepEqual(typed, ['root', 'hunter2']);
	using _shell = attachShell(fake, '/bin/sh');
	await t.notThrowsAsync(login);
});

test('refusals are told at once, in the guest’s words, and the password is in no log', async (t) => {
	const words: Record<string, string> = {
		login: '\r\nLogin incorrect\r\ndebian login: ',
		busybox: '\r\nLogin incorrect\r\n(none) login: ',
		silent: '\r\n\r\ndebian login: ',
		expired:
			'\r\nYour account has expired; please contact your system administrator.\r\n\r\nAuthentication failure\r\n',
		nologin: '\r\nThis account is currently not available.\r\n',
		again: '\r\nPassword: ',
	};
	const seen: Record<string, string> = {};
	for (const [name, said] of Object.entries(words)) {
		await using fake = await openFakePort();
		const failing = failure(fake);
		await converse(fake, [['debian login: '], ['root\r\nPassword: '], [said, false]]);
		const startedAt = monotonicMs();
		const error = await failing;
		t.true(monotonicMs() - startedAt < 1000);
		t.is(error.failure, 'login-refused');
		seen[name] = error.message.replace(/ Log: .*/, '');
		fake.port.flush();
		t.false((await readFile(fake.logPath, 'utf8')).includes('hunter2'));
	}

	const refused = 'The login of root on ttyS0 was refused:';
	t.deepEqual(seen, {
		login: `${refused} "Login incorrect".`,
		busybox: `${refused} "Login incorrect".`,
		silent: `${refused} the guest asked for a user again.`,
		expired: `${refused} "Your account has expired; please contact your system administrator.".`,
		nologin: `${refused} "This account is currently not available.".`,
		again: `${refused} the guest asked for the password again.`,
	});
});

test('a user without a password, and a shell that asks for none', async (t) => {
	await using fake = await openFakePort();
	using limit = deadline();
	const login = loginWith({port: fake.port, ...user, deadline: limit});
	t.deepEqual(await converse(fake, [['(none) login: '], ['root\r\n', false]]), ['root']);
	using _shell = attachShell(fake, '/bin/sh');
	await t.notThrowsAsync(login);
});

test('a prompt that a stray line feed brought is no refusal', async (t) => {
	await using fake = await openFakePort();
	using limit = deadline();
	const login = loginWith({port: fake.port, ...user, deadline: limit});
	const typed = await converse(fake, [
		['(none) login: '],
		// The name arrives after the line feed: the second prompt has it.
		['\r\n(none) login: root\r\nPassword: '],
		['\r\n', false],
	]);
	t.deepEqual(typed, ['root', 'hunter2']);
	using _shell = attachShell(fake, '/bin/sh');
	await t.notThrowsAsync(login);
});

test('a name that the prompt did not take is typed again', async (t) => {
	await using fake = await openFakePort();
	using limit = deadline();
	const login = loginWith({port: fake.port, ...user, deadline: limit});
	const typed = await converse(fake, [
		['(none) login: '],
		['\r\n(none) login: '],
		['root\r\nPassword: '],
		['\r\n', false],
	]);
	t.deepEqual(typed, ['root', 'root', 'hunter2']);
	using _shell = attachShell(fake, '/bin/sh');
	await t.notThrowsAsync(login);
});

test('an expired password is changed', async (t) => {
	await using fake = await openFakePort();
	using limit = deadline();
	const login = loginWith({port: fake.port, ...user, deadline: limit});
	const [, first, current, fresh, again] = await converse(fake, [
		['debian login: '],
		['root\r\nPassword: '],
		[
			'\r\nYou are required to change your password immediately (administrator enforced).\r\nChanging password for root.\r\nCurrent password: ',
		],
		['\r\nNew password: '],
		['\r\nRetype new password: '],
		['\r\n', false],
	]);
	t.deepEqual([first, current], ['hunter2', 'hunter2']);
	t.is(fresh, again);
	t.not(fresh, 'hunter2');
	using _shell = attachShell(fake, '/bin/bash');
	await t.notThrowsAsync(login);
});

test('an ordinary user becomes root by sudo, or it is said why not', async (t) => {
	const play = async (steps: ReadonlyArray<readonly [string, boolean?]>): Promise<GuestError | readonly string[]> => {
		await using fake = await openFakePort();
		using limit = deadline();
		const login = loginWith({port: fake.port, ...user, deadline: limit})
			.then(() => undefined)
			.catch((error: unknown) => error as GuestError);
		const typed = await converse(fake, [['debian login: '], ['Password: '], ['\r\n$ ']]);
		const nonce = uidQuestion.exec(typed[2] ?? '')?.[1] ?? '';
		const [sudo = ''] = await converse(fake, [[`@bwu:${nonce}:1000\r\n$ `]]);
		const prompt = /@b""ws:([\da-f]+)/.exec(sudo)?.[1] ?? '';
		const more = await converse(
			fake,
			steps.map(([words, ...rest]) => [words.replaceAll('PROMPT', () => `@bws:${prompt}`), ...rest]),
		);
		const again = uidQuestion.exec(more.at(-1) ?? '')?.[1];
		if (again !== undefined) {
			await converse(fake, [[`@bwu:${again}:0\r\n# `, false]]);
		}

		return (await login) ?? more;
	};

	const opened = await play([['PROMPT'], ['\r\n# ']]);
	t.true(Array.isArray(opened) && opened[0] === 'hunter2');
	t.true(Array.isArray(await play([['# ']])), 'sudo that asks for no password');
	const refusals = await Promise.all([
		play([['PROMPT'], ['\r\nSorry, try again.\r\nPROMPT', false]]),
		play([['PROMPT'], ['\r\nroot is not in the sudoers file.\r\n$ ', false]]),
		play([['sh: 1: sudo: not found\r\n$ ', false]]),
	]);
	t.deepEqual(
		refusals.map((error) => error instanceof GuestError && [error.failure, error.message]),
		['Sorry, try again.', 'root is not in the sudoers file.', 'sh: 1: sudo: not found'].map((said) => [
			'no-way-in',
			`root may log in on ttyS0 but not become root: ${said}`,
		]),
	);
});
