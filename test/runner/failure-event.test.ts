import test from 'ava';
import {GuestError, HarnessBug, InterruptedError} from '../../harness/core/errors.ts';
import {failureOf} from '../../harness/runner/failure-event.ts';

const withCode = (code: string): Error => Object.assign(new Error(`${code}: as the system says it`), {code});

test('what the host has run out of is no bug of the program, and other errors of the system are', (t) => {
	for (const code of ['ENOSPC', 'EDQUOT', 'ENOMEM', 'EMFILE', 'ENFILE']) {
		const message = `This host has run out of something: ${code}: as the system says it`;
		t.like(failureOf(withCode(code)), {type: 'run-failed', code: 'host', message, exitCode: 4});
	}

	t.like(failureOf(withCode('EISDIR')), {type: 'run-failed', code: 'bug', exitCode: 4});
});

test('of an error and what came of tidying up after it, the first is told', (t) => {
	const error = new SuppressedError(new Error('tidying up'), new GuestError('panic', 'it panicked'), 'both');
	t.like(failureOf(error), {type: 'guest-failed', failure: 'panic', message: 'it panicked'});
});

test('what breaks after a person ended the run is told as that end, and other findings as they are', (t) => {
	const ended = AbortSignal.abort(new InterruptedError('SIGINT'));
	const interrupted = {type: 'run-failed', code: 'interrupted', exitCode: 130} as const;
	const aborted = new DOMException('This operation was aborted', 'AbortError');
	t.like(failureOf(aborted, ended), {...interrupted, message: 'Interrupted by SIGINT'});
	const message = 'Interrupted by SIGINT; on the way out: connection closed';
	t.like(failureOf(new HarnessBug('connection closed'), ended), {...interrupted, message});
	t.like(failureOf(new TypeError('connection closed'), ended), {...interrupted, message});
	t.like(failureOf(new GuestError('panic', 'it panicked'), ended), {type: 'guest-failed', failure: 'panic'});
	t.like(failureOf(new HarnessBug('nobody ended it'), new AbortController().signal), {code: 'bug', exitCode: 4});
});
