import {readFile} from 'node:fs/promises';
import test from 'ava';
import {
	DeadlineError,
	GuestError,
	HarnessBug,
	HostError,
	InterruptedError,
	UsageError,
	exitCodeOf,
} from '../../harness/core/errors.ts';
import {exitMeanings, exitPrecedence} from '../../harness/core/exit-codes.ts';
import {verdictTexts} from '../../harness/core/verdict-texts.ts';

test('the page says the same', async (t) => {
	const page = await readFile(new URL('../../docs/exit-codes.md', import.meta.url), 'utf8');
	const [table = ''] = page.replaceAll('`', '').split('\n## ');
	const rows = table
		.matchAll(/^\| ([\d, ]+?) +\| (.+?) +\|$/gmv)
		.map(([, codes, means]) => ({codes, means}))
		.toArray();
	t.deepEqual(
		rows,
		exitMeanings.map(({codes, means}) => ({codes: codes.join(', '), means})),
	);
	t.true(table.includes(exitPrecedence));
	const words = page.replaceAll('`', '').replaceAll(/ +/gv, ' ');
	t.deepEqual(
		Object.entries(verdictTexts).filter(([verdict, {means}]) => !words.includes(`\n| ${verdict} | ${means} |\n`)),
		[],
	);
});

test('every error ends with a code that is written down', (t) => {
	const known = new Set(exitMeanings.flatMap(({codes}): readonly number[] => codes));
	const errors = [
		new UsageError(''),
		new HostError(''),
		new GuestError('panic', ''),
		new DeadlineError('run', ''),
		new HarnessBug(''),
		new TypeError('nobody meant this'),
		...(['SIGHUP', 'SIGINT', 'SIGTERM'] as const).map((signal) => new InterruptedError(signal)),
	];
	t.deepEqual(
		errors.map(exitCodeOf).filter((code) => !known.has(code)),
		[],
	);
});
