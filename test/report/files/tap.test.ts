import test from 'ava';
import {Parser, type Result} from 'tap-parser';
import {formats} from '../../../harness/report/files/formats.ts';
import {exampleRun} from '../example-run.ts';
import {hostileRun, panicked} from './_hostile-run.ts';

/** By the parser of node-tap, which knows TAP 14; strict: a line that is no TAP is a failure. */
const read = (text: string) => {
	const results: Result[] = [];
	const asserts: Result[] = [];
	const parser = new Parser({strict: true});
	parser.on('child', (child: Parser) => child.on('assert', (result: Result) => void results.push(result)));
	parser.on('assert', (result: Result) => void asserts.push(result));
	parser.end(text);
	return {results, asserts, final: parser.results};
};

test('a run is a subtest, with what was seen as diagnostics', (t) => {
	const {results, asserts, final} = read(formats.tap([exampleRun]));
	t.is(final?.plan.end, 1);
	t.deepEqual(
		asserts.map(({ok, name}) => [ok, name]),
		[[false, 'image.raw (gce, tcg)']],
	);
	t.deepEqual(
		results.map(({ok, skip, name}) => `${ok ? (skip === false ? 'ok' : 'skip') : 'not ok'} ${name.split(' ')[0]}`),
		[
			'ok run',
			'ok hw.scsi.spc4',
			'not ok hw.scsi.block-size',
			'skip hw.net.tso4',
			'skip hw.net.gro4',
			'ok kernel.VIRTIO_NET',
			'not ok boot.console-clean',
		],
	);
	t.like(results[2]?.diag, {fail: 'logical block size of sda is 4096, required 512 (guest)'});
	t.is(results[3]?.skip, 'the network lab is not part of this version');
	t.regex(JSON.stringify(results[5]?.diag), /"warn":"CONFIG_VIRTIO_NET=m/);
});

test('bytes of a guest make no test, no directive and no end of one', (t) => {
	const {results, asserts, final} = read(formats.tap([hostileRun, panicked]));
	t.deepEqual(
		asserts.map(({ok, skip}) => [ok, skip]),
		[
			[false, false],
			[false, false],
		],
	);
	t.deepEqual(
		results.map(({ok, skip}) => `${String(ok)} ${skip === false ? '' : 'skip'}`),
		['true ', 'true ', 'false ', 'true skip', 'false ', 'false ', 'true skip'],
	);
	const broken = final?.failures.filter((failure) => 'tapError' in failure && typeof failure.tapError === 'string');
	t.deepEqual(broken, []);
});
