import {spawn} from 'node:child_process';
import {once} from 'node:events';
import test from 'ava';
import {monotonicMs} from '../../../harness/core/clock.ts';
import {Deadline} from '../../../harness/core/deadline.ts';
import {DeadlineError, HostError} from '../../../harness/core/errors.ts';
import {openFrameTool} from '../../../harness/lab/frames/frame-tool.ts';
import {plainHeader} from '../../../harness/lab/frames/vnet-header.ts';
import {blast} from './_blast.ts';
import {flow4, largeFrame, payloadOf} from './_flow.ts';
import {openTestNetwork, vethPair} from './_network.ts';
import {helperPid, inTime, open} from './_tool.ts';

test('frames that the interface refuses, and an interface that is not there, are named', async (t) => {
	await using network = await openTestNetwork(vethPair);
	await using lab = await open(network, 'lab0');
	using deadline = inTime();
	const long = {header: plainHeader, bytes: Buffer.alloc(2000, 1)};
	const short = {header: plainHeader, bytes: Buffer.alloc(100, 1)};
	await t.throwsAsync(lab.inject([short, long], deadline), {
		instanceOf: HostError,
		message: 'The frame helper on lab0 cannot inject: Message too long, frame 2 of 2 (2000 bytes)',
	});
	await t.throwsAsync(open(network, 'lab9'), {
		instanceOf: HostError,
		message: 'The frame helper on lab9 ended (exit code 1: OSError: no interface with this name)',
	});
});

test('an interface that goes away breaks the count off', async (t) => {
	await using network = await openTestNetwork(vethPair);
	await using lab = await open(network, 'lab0');
	using deadline = inTime();
	await using count = await lab.count({}, deadline);
	const [file, ...args] = [...network.enter, 'ip', 'link', 'delete', 'lab0'];
	await once(spawn(file, args), 'exit');
	await t.throwsAsync(count.stop(deadline), {
		instanceOf: HostError,
		message: 'The count on lab0 broke off: Network is down',
	});
});

test.serial('a helper that is killed is named, at once and from then on', async (t) => {
	await using network = await openTestNetwork(vethPair.replaceAll('lab0', 'killed0'));
	await using lab = await open(network, 'killed0');
	using deadline = inTime();
	await using count = await lab.count({}, deadline);
	const stopped = count.stop(deadline);
	await stopped;
	await using more = await lab.count({}, deadline);
	process.kill(await helperPid('killed0'), 'SIGKILL');
	const expected = {
		instanceOf: HostError,
		message: 'The frame helper on killed0 ended (killed by SIGKILL)',
	};
	await t.throwsAsync(more.stop(deadline), expected);
	await t.throwsAsync(lab.inject([{header: plainHeader, bytes: Buffer.alloc(60)}], deadline), expected);
});

test('a helper that does not answer meets the deadline; an abort and a disposal leave no process', async (t) => {
	await using network = await openTestNetwork(vethPair.replaceAll('lab0', 'slow0'));
	const abort = new AbortController();
	const lab = await openFrameTool({enter: network.enter, interface: 'slow0', signal: abort.signal});
	const pid = await helperPid('slow0');
	process.kill(pid, 'SIGSTOP');
	using deadline = new Deadline({phase: 'count', budgetMs: 300});
	await t.throwsAsync(lab.count({}, deadline), {
		instanceOf: DeadlineError,
		message: 'Phase "count" was not over after 0.3 s',
	});
	process.kill(pid, 'SIGCONT');
	abort.abort(new Error('enough'));
	await lab[Symbol.asyncDispose]();
	await t.throwsAsync(helperPid('slow0'), {message: 'no helper'});

	const second = await open(network, 'slow0');
	const startedAt = monotonicMs();
	await second[Symbol.asyncDispose]();
	t.true(monotonicMs() - startedAt < 900);
	await t.throwsAsync(helperPid('slow0'), {message: 'no helper'});
});

test('what a full ring could not take is reported, never left out in silence', async (t) => {
	await using network = await openTestNetwork(vethPair.replaceAll('guest0', 'full0'));
	await using guest = await open(network, 'full0');
	using deadline = inTime();
	await using run = await guest.capture({filter: {direction: 'from-guest'}, maxFrames: 10_000, deadline});
	const pid = await helperPid('full0');
	process.kill(pid, 'SIGSTOP');
	await blast(network, {count: 800, frame: largeFrame(flow4, payloadOf(64_000))}).finally(() =>
		process.kill(pid, 'SIGCONT'),
	);
	const {frames, unseen} = await run.stop(deadline);
	t.true(unseen > 0);
	t.is(frames.length + unseen, 800);
});
