import {readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {DeadlineError, HarnessBug, HostError} from '../../harness/core/errors.ts';
import {openQmpLog} from '../../harness/qemu/qmp-log.ts';
import {QmpError} from '../../harness/qemu/qmp-messages.ts';
import {QmpClient} from '../../harness/qemu/qmp.ts';
import {connected, deadlineOf, fakeQemu} from './_fake-qmp.ts';
import {folder} from './_script.ts';

test('answers find their calls in any order', async (t) => {
	const {qemu, client} = await connected(t);
	const answers = Promise.all(['one', 'two', 'three'].map(async (name) => client.execute(name, {of: name})));
	await qemu.called(3);
	t.deepEqual(
		qemu.calls.map((call) => [call.execute, call.arguments]),
		[
			['one', {of: 'one'}],
			['two', {of: 'two'}],
			['three', {of: 'three'}],
		],
	);
	const [one, two, three] = qemu.calls.map(({id}) => id);
	qemu.send({return: 3, id: three}, {return: {a: 1}, id: one}, {return: [], id: two});
	t.deepEqual(await answers, [{a: 1}, [], 3]);
});

test('a refusal says the command and what QEMU said', async (t) => {
	const {qemu, client} = await connected(t);
	const call = client.execute('device_add', {driver: 'nothing'});
	await qemu.called(1);
	qemu.send({error: {class: 'GenericError', desc: "'nothing' is not a valid device"}, id: qemu.calls[0]?.id});
	const error = await t.throwsAsync(call, {instanceOf: QmpError});
	t.is(error.message, "QEMU refused device_add: 'nothing' is not a valid device (GenericError)");
	t.like(error, {command: 'device_add', class: 'GenericError', desc: "'nothing' is not a valid device"});
});

test('events are kept until somebody waits, in their order, and none is given twice', async (t) => {
	const {qemu, client} = await connected(t);
	const heard: string[] = [];
	using _all = client.on('*', ({name}) => void heard.push(name));
	const round = client.execute('query-status');
	await qemu.called(1);
	qemu.send(
		{event: 'STOP', data: {n: 1}},
		{event: 'RESUME'},
		{event: 'STOP', data: {n: 2}},
		{return: {}, id: qemu.calls[0]?.id},
	);
	await round;
	const deadline = deadlineOf(t, 2000);
	t.deepEqual((await client.waitFor('STOP', deadline, ({data}) => data['n'] === 2)).data, {n: 2});
	t.deepEqual((await client.waitFor('STOP', deadline)).data, {n: 1});
	t.deepEqual((await client.waitFor('RESUME', deadline)).data, {});
	t.deepEqual(heard, ['STOP', 'RESUME', 'STOP']);

	const later = client.waitFor('STOP', deadline);
	qemu.send({event: 'STOP', data: {n: 3}});
	t.deepEqual((await later).data, {n: 3});
	await t.throwsAsync(client.waitFor('STOP', deadlineOf(t, 20)), {
		instanceOf: DeadlineError,
		message: 'Phase "test" was not over after 0.0 s',
	});
});

test('a guest that raises events for ever fills no memory, and the newest are kept', async (t) => {
	const {qemu, client} = await connected(t);
	const events = Array.from({length: 5000}, (_, n) => ({event: 'RTC_CHANGE', data: {n}}));
	const round = client.execute('query-status');
	await qemu.called(1);
	qemu.send(...events, {return: {}, id: qemu.calls[0]?.id});
	await round;
	t.is((await client.waitFor('RTC_CHANGE', deadlineOf(t, 1000))).data['n'], 4000);
});

test('an answer after its deadline disturbs nobody', async (t) => {
	const {qemu, client} = await connected(t);
	await t.throwsAsync(client.execute('slow', undefined, deadlineOf(t, 20)), {instanceOf: DeadlineError});
	const next = client.execute('next');
	await qemu.called(2);
	qemu.send(...qemu.calls.map(({id, execute}) => ({return: execute, id})));
	t.is(await next, 'next');
});

test('when QEMU dies, every pending and every later call ends with its last words', async (t) => {
	const {qemu, client} = await connected(t, () => 'killed by SIGABRT: assertion failed');
	const calls = [client.execute('one'), client.execute('two'), client.waitFor('STOP', deadlineOf(t, 5000))];
	await qemu.called(2);
	qemu.hangUp();
	const results = await Promise.allSettled(calls);
	const why = 'QEMU closed its monitor. Its last words: killed by SIGABRT: assertion failed';
	t.deepEqual(
		results.map((result) => (result.status === 'rejected' ? (result.reason as Error).message : 'fulfilled')),
		[`one: ${why}`, `two: ${why}`, why],
	);
	await t.throwsAsync(client.execute('three'), {instanceOf: HostError, message: why});
});

test('events that came before the end can still be taken', async (t) => {
	const {qemu, client} = await connected(t);
	const call = client.execute('quit');
	await qemu.called(1);
	qemu.send({event: 'SHUTDOWN', data: {guest: true}});
	qemu.hangUp();
	await t.throwsAsync(call, {message: 'quit: QEMU closed its monitor without a word'});
	t.deepEqual((await client.waitFor('SHUTDOWN', deadlineOf(t, 1000))).data, {guest: true});
	await t.throwsAsync(client.waitFor('SHUTDOWN', deadlineOf(t, 1000)), {
		message: 'QEMU closed its monitor without a word',
	});
});

const garbage = {
	'no JSON': 'Segmentation fault\n',
	'JSON that is no message': '[1, 2]\n',
	'an object that is no message': '{"hello": 1}\n',
};

for (const [what, text] of Object.entries(garbage)) {
	test(`garbage ends the connection and is quoted: ${what}`, async (t) => {
		const {qemu, client} = await connected(t);
		const call = client.execute('query-status');
		await qemu.called(1);
		qemu.sendText(text);
		await t.throwsAsync(call, {
			instanceOf: HostError,
			message: `query-status: QEMU sent a line that is not QMP: ${text.trim()}`,
		});
	});
}

test('a long line of garbage is cut', async (t) => {
	const {qemu, client} = await connected(t);
	const call = client.execute('query-status');
	await qemu.called(1);
	qemu.sendText(`${'x'.repeat(100_000)}\n`);
	await t.throwsAsync(call, {message: `query-status: QEMU sent a line that is not QMP: ${'x'.repeat(200)}…`});
});

test('somebody who does not greet is given up at the deadline', async (t) => {
	const qemu = await fakeQemu(t, {greets: false});
	await t.throwsAsync(QmpClient.connect({path: qemu.path, deadline: deadlineOf(t, 50)}), {
		instanceOf: DeadlineError,
		message: 'Phase "test" was not over after 0.1 s',
	});
});

test('nobody listens: the deadline ends it', async (t) => {
	const directory = await folder(t);
	await t.throwsAsync(QmpClient.connect({path: path.join(directory, 'qmp.sock'), deadline: deadlineOf(t, 50)}), {
		instanceOf: DeadlineError,
	});
});

test('a socket whose path is too long is named before anything is tried', async (t) => {
	const long = `/${'x'.repeat(110)}`;
	const error = await t.throwsAsync(QmpClient.connect({path: long, deadline: deadlineOf(t, 1000)}), {
		instanceOf: HostError,
		message: `The socket ${long} would have a path of 111 bytes; unix sockets end at 107`,
	});
	t.is(error.hint, 'Set TMPDIR to a shorter path, for example TMPDIR=/tmp.');
});

test('the human monitor returns what it printed, trimmed', async (t) => {
	const {qemu, client} = await connected(t);
	const call = client.humanMonitor('info status');
	await qemu.called(1);
	t.deepEqual(qemu.calls[0]?.arguments, {'command-line': 'info status'});
	qemu.send({return: 'VM status: paused\r\n', id: qemu.calls[0]?.id});
	t.is(await call, 'VM status: paused');
});

test('closing it ends what is pending', async (t) => {
	const {qemu, client} = await connected(t);
	const call = client.execute('query-status');
	await qemu.called(1);
	client[Symbol.dispose]();
	await t.throwsAsync(call, {instanceOf: HarnessBug, message: 'The QMP connection was closed by the harness'});
});

test('the log has every line, both ways, with its time', async (t) => {
	const file = path.join(await folder(t), 'qmp.log');
	{
		await using log = openQmpLog(file);
		const qemu = await fakeQemu(t);
		using client = await QmpClient.connect({path: qemu.path, deadline: deadlineOf(t, 2000), log});
		const call = client.execute('query-status');
		await qemu.called(1);
		qemu.send({return: {}, id: qemu.calls[0]?.id});
		await call;
	}

	const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
	t.deepEqual(
		lines.map((line) => line.replace(/^ *\d+\.\d /u, '').slice(0, 40)),
		[
			'< {"QMP":{"version":{"qemu":{"micro":2,"',
			'> {"execute":"qmp_capabilities","id":1}',
			'< {"return":{},"id":1}',
			'> {"execute":"query-status","id":2}',
			'< {"return":{},"id":2}',
		],
	);
});

test('a log that cannot be written does not stop the run', async (t) => {
	await using log = openQmpLog('/nowhere/qmp.log');
	const qemu = await fakeQemu(t);
	using client = await QmpClient.connect({path: qemu.path, deadline: deadlineOf(t, 2000), log});
	const call = client.execute('query-status');
	await qemu.called(1);
	qemu.send({return: 'still here', id: qemu.calls[0]?.id});
	t.is(await call, 'still here');
});
