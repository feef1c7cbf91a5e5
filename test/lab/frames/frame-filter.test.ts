import test from 'ava';
import {frameProgram} from '../../../harness/lab/frames/frame-filter.ts';

test('no condition: everything, as much as asked for', (t) => {
	t.deepEqual(frameProgram({}, 64), [
		[0x06, 0, 0, 64],
		[0x06, 0, 0, 0],
	]);
});

test('every refusal jumps to the end, as tcpdump -d would have it', (t) => {
	t.deepEqual(frameProgram({ipProtocol: 6, port: 8000, direction: 'from-guest'}, 100), [
		[0x30, 0, 0, 0xff_ff_f0_04],
		[0x15, 12, 0, 4],
		[0x28, 0, 0, 12],
		[0x15, 0, 10, 0x08_00],
		[0x30, 0, 0, 23],
		[0x15, 0, 8, 6],
		[0x28, 0, 0, 20],
		[0x45, 6, 0, 0x1f_ff],
		[0xb1, 0, 0, 14],
		[0x48, 0, 0, 14],
		[0x15, 2, 0, 8000],
		[0x48, 0, 0, 16],
		[0x15, 0, 1, 8000],
		[0x06, 0, 0, 100],
		[0x06, 0, 0, 0],
	]);
});

test('IPv6 has its fields elsewhere', (t) => {
	t.deepEqual(frameProgram({etherType: 0x86_dd, ipProtocol: 17, port: 53}, 100), [
		[0x28, 0, 0, 12],
		[0x15, 0, 7, 0x86_dd],
		[0x30, 0, 0, 20],
		[0x15, 0, 5, 17],
		[0x28, 0, 0, 54],
		[0x15, 2, 0, 53],
		[0x28, 0, 0, 56],
		[0x15, 0, 1, 53],
		[0x06, 0, 0, 100],
		[0x06, 0, 0, 0],
	]);
});
