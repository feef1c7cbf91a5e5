import test from 'ava';
import {SaxesParser} from 'saxes';
import {formats} from '../../../harness/report/files/formats.ts';
import {exampleRun} from '../example-run.ts';
import {hostile, hostileFacts, hostileRun, interrupted, panicked, unproved} from './_hostile-run.ts';

type Element = {readonly name: string; readonly attributes: Readonly<Record<string, string>>; text: string};

/** By a parser that accepts nothing but well-formed XML 1.0. */
const read = (xml: string): readonly Element[] => {
	const elements: Element[] = [];
	const open: Element[] = [];
	const parser = new SaxesParser();
	parser.on('error', (error) => {
		throw error;
	});
	parser.on('opentag', ({name, attributes}) => {
		const element = {name, attributes, text: ''};
		elements.push(element);
		open.push(element);
	});
	parser.on('text', (text) => {
		const element = open.at(-1);
		if (element !== undefined) {
			element.text += text;
		}
	});
	parser.on('closetag', () => void open.pop());
	parser.write(xml).close();
	return elements;
};

const named = (elements: readonly Element[], name: string): readonly Element[] =>
	elements.filter((element) => element.name === name);

test('a run: failures, skips and errors told apart, with what was seen', (t) => {
	const xml = formats.junit([exampleRun]);
	const elements = read(xml);
	t.like(named(elements, 'testsuite')[0]?.attributes, {
		name: 'image.raw (gce, tcg)',
		tests: '7',
		failures: '2',
		errors: '0',
		skipped: '2',
		time: '41.000',
		timestamp: '2026-01-02T03:04:05',
	});
	t.deepEqual(
		named(elements, 'testcase').map(({attributes: {classname, name}}) => `${classname} ${name}`),
		[
			'bootwright.run run',
			'bootwright.hw.scsi hw.scsi.spc4',
			'bootwright.hw.scsi hw.scsi.block-size',
			'bootwright.hw.net hw.net.tso4',
			'bootwright.hw.net hw.net.gro4',
			'bootwright.kernel kernel.VIRTIO_NET',
			'bootwright.boot boot.console-clean',
		],
	);
	const [failure] = named(elements, 'failure');
	t.is(failure?.attributes['message'], 'logical block size of sda is 4096, required 512 (guest)');
	t.regex(failure?.text ?? '', /^NOT OK \(guest\) logical block size of sda: 4096, required 512$/m);
	t.is(named(elements, 'skipped')[0]?.attributes['message'], 'the network lab is not part of this version');
	t.true(named(elements, 'system-out').some(({text}) => text.includes('warn: CONFIG_VIRTIO_NET=m')));
	const property = (name: string) => named(elements, 'property').find(({attributes}) => attributes['name'] === name);
	t.is(property('image.sha256')?.attributes['value'], 'ab'.repeat(32));
	t.is(property('throughput.gro4.wall-ratio')?.attributes['value'], '1.39');
});

test('bytes of a guest are text, and never too much of it', (t) => {
	const xml = formats.junit([hostileRun, exampleRun]);
	t.true(xml.length < 100_000, String(xml.length));
	const elements = read(xml);
	t.is(named(elements, 'script').length, 0);
	const [failure] = named(elements, 'failure');
	t.regex(
		failure?.attributes['message'] ?? '',
		/^\\x00\\x1b\[2J<\/failure><script>alert\(1\)<\/script>\]\]>&lt; &foo; "' \| # SKIP/,
	);
	t.false(xml.includes('\u202E'));
	t.true(hostile.includes('\u202E'));
	t.like(named(elements, 'testsuites')[0]?.attributes, {tests: '12', failures: '3', errors: '1', skipped: '3'});
});

test('names of files and directories are text, too', (t) => {
	const elements = read(formats.junit([hostileFacts, exampleRun]));
	const values = named(elements, 'property').map(({attributes}) => attributes['value'] ?? '');
	t.true(values.some((value) => value.startsWith(String.raw`bootwright test '\x00\x1b[2J`)));
	t.is(named(elements, 'testsuite').length, 2);
});

for (const [how, events, kind, type] of [
	['a guest that never came up', panicked, 'failure', 'panic'],
	['a run that was interrupted', interrupted, 'error', 'interrupted'],
	['a run that proved nothing', unproved, 'error', 'unproved'],
] as const) {
	test(`${how} is red, although all its rows are skipped`, (t) => {
		const elements = read(formats.junit([events]));
		t.is(named(elements, kind)[0]?.attributes['type'], type);
		t.is(named(elements, 'skipped').length, 1);
	});
}
