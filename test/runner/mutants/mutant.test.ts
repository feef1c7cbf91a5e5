import test from 'ava';
import {
	type MutantOutcome,
	caught,
	falseAlarms,
	measuresThroughput,
	missed,
	unknown,
} from '../../../harness/runner/mutants/mutant.ts';

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

test('an offload that was not observed is not caught, unless the mutant says that it cannot be', (t) => {
	const fails = ['throughput.tso4'] as const;
	const measured = {...outcome(fails), mutant: {...outcome([]).mutant, fails}};
	t.true(caught(measured));
	const inconclusive = {...measured, skipped: ['throughput.gro4']};
	t.deepEqual(unknown(inconclusive), ['throughput.gro4']);
	t.false(caught(inconclusive));
	t.true(caught({...inconclusive, mutant: {...inconclusive.mutant, skips: ['throughput.gro4']}}));
	// A guest that died shows nothing more.
	t.true(caught({...inconclusive, failure: 'panic', mutant: {...inconclusive.mutant, dies: true}}));
});

test('what must be skipped and is not', (t) => {
	const skips = ['hw.net.tso4', 'hw.net.gro4'] as const;
	const onUserNetwork = {...outcome([]), mutant: {...outcome([]).mutant, fails: [], skips}};
	t.false(caught({...onUserNetwork, skipped: ['hw.net.tso4']}));
	t.true(caught({...onUserNetwork, skipped: skips}));
});

test('throughput is measured where a mutant is about the network', (t) => {
	const {mutant} = outcome([]);
	t.false(measuresThroughput(mutant));
	t.true(measuresThroughput({...mutant, throughput: true}));
	t.true(measuresThroughput({...mutant, fails: ['hw.net.gro4']}));
	t.true(measuresThroughput({...mutant, fails: [], skips: ['throughput.tso4']}));
	t.false(measuresThroughput({...mutant, fails: ['hw.net.identity']}));
});
