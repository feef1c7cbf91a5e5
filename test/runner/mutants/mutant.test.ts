import test from 'ava';
import {type MutantOutcome, caught, falseAlarms, missed} from '../../../harness/runner/mutants/mutant.ts';

const outcome = (observed: readonly string[], errors: readonly string[] = [], failure?: string): MutantOutcome => ({
	mutant: {kind: 'guest', id: 'm', title: 'm', command: 'true', fails: ['hw.scsi.spc4', 'hw.scsi.sbc3']},
	observed,
	skipped: [],
	errors,
	failure,
	durationMs: 1,
});

test('exactly the named rows, in any order', (t) => {
	t.true(caught(outcome(['hw.scsi.sbc3', 'hw.scsi.spc4'])));
});

test('one row more is a false alarm, one less is missed; neither is caught', (t) => {
	const more = outcome(['hw.scsi.spc4', 'hw.scsi.sbc3', 'hw.net.tso4']);
	t.deepEqual(falseAlarms(more), ['hw.net.tso4']);
	t.false(caught(more));
	const less = outcome(['hw.scsi.spc4']);
	t.deepEqual(missed(less), ['hw.scsi.sbc3']);
	t.deepEqual(falseAlarms(less), []);
	t.false(caught(less));
});

test('what remained unknown is not caught', (t) => {
	t.false(caught(outcome(['hw.scsi.spc4', 'hw.scsi.sbc3'], ['hw.uart.ttyS0'])));
});

test('a guest that did not live to the end is caught only where it must not', (t) => {
	const ended = outcome(['hw.scsi.spc4', 'hw.scsi.sbc3'], [], 'The guest hangs');
	t.false(caught(ended));
	t.true(caught({...ended, mutant: {...ended.mutant, dies: true}}));
	t.false(caught({...outcome(['hw.scsi.spc4', 'hw.scsi.sbc3']), mutant: {...ended.mutant, dies: true}}));
});
