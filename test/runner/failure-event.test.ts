import test from 'ava';
import {GuestError} from '../../harness/core/errors.ts';
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
