import {readFile, readdir} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {manualPage} from '../../../harness/commands/man/page.ts';
import {environment} from '../../../harness/commands/man/surroundings.ts';
import {table} from '../_table.ts';

const page = manualPage(table);

test('the sections of man-pages(7), in their order', (t) => {
	t.deepEqual(
		page
			.matchAll(/^\.SH "(.*)"$/gmv)
			.map(([, title]) => title)
			.toArray(),
		[
			'NAME',
			'SYNOPSIS',
			'DESCRIPTION',
			'COMMANDS',
			'OPTIONS',
			'EXIT STATUS',
			'ENVIRONMENT',
			'FILES',
			'EXAMPLES',
			'SEE ALSO',
		],
	);
});

test('the same table, the same bytes', (t) => {
	t.is(manualPage(structuredClone(table)), page);
	t.true(page.includes('.TH BOOTWRIGHT 1 "" "Bootwright 1.2.3" "User Commands"\n'));
});

test('an option with its choices and its default', (t) => {
	t.true(
		page.includes(String.raw`.TP
\fB\-\-reporter\fR \fBterminal\fR|\fBevents\fR|\fBnone\fR
What goes to standard output; events: one JSON object a line. Default: terminal.
`),
	);
	t.true(page.includes(`.TP\n${String.raw`\fB\-v\fR, \fB\-\-verbose\fR`}\nShow every row with its evidence.\n`));
	t.false(page.includes('start\\-machine'));
});

/** Whether the host has a program; without it the test says so and passes. */
const has = async (t: ExecutionContext, program: string): Promise<boolean> => {
	const {exitCode} = await execa('sh', ['-c', `command -v ${program}`], {reject: false});
	if (exitCode !== 0) {
		t.log(`skipped: this host has no ${program}`);
		t.pass();
	}

	return exitCode === 0;
};

/** The page must not need UTF-8. */
for (const device of ['ascii', 'utf8', 'ps']) {
	test(`groff has nothing to complain about: ${device}`, async (t) => {
		if (await has(t, 'groff')) {
			const {stderr, exitCode} = await execa('groff', ['-man', '-ww', '-z', `-T${device}`], {
				input: page,
				reject: false,
			});
			t.deepEqual([stderr, exitCode], ['', 0]);
		}
	});
}

test('what a person reads', async (t) => {
	if (await has(t, 'man')) {
		const {stdout, stderr} = await execa('man', ['-l', '-'], {
			input: page,
			env: {MANWIDTH: '100', MANPAGER: 'cat', LC_ALL: 'C'},
		});
		t.is(stderr, '');
		t.regex(stdout, /^ {7}--config file\n {14}The kernel's configuration, for an image that does not carry it\.$/mv);
		t.regex(stdout, /^ {11}bootwright test image\.raw --only 'kernel\.\*' -v$/mv);
	}
});

/** Variables of other programs, which nobody sets for this one. */
const others = new Set(['PATH', 'TERM', 'LC_ALL', 'INIT_CWD', 'npm_lifecycle_event', 'PWD', 'HOME']);

test('every variable that the program reads is named', async (t) => {
	const root = path.resolve(import.meta.dirname, '../../../harness');
	const names = (await readdir(root, {recursive: true})).filter((name) => /\.[jt]s$/v.test(name));
	const sources = await Promise.all(names.map(async (name) => readFile(path.join(root, name), 'utf8')));
	const read = new Set(
		sources.flatMap((source) =>
			source
				.matchAll(/\benv(?:\.|\[')(?<name>[A-Za-z_]+)/gv)
				.map(({groups}) => groups?.['name'] ?? '')
				.toArray(),
		),
	);
	t.true(read.has('BOOTWRIGHT_QEMU'));
	t.deepEqual(
		[...read].filter((name) => !others.has(name) && environment[name] === undefined),
		[],
	);
});
