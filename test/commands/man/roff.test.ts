import test from 'ava';
import {bold, escapeRoff, example, section} from '../../../harness/commands/man/roff.ts';

const cases: ReadonlyArray<readonly [text: string, roff: string]> = [
	['--only x-y', String.raw`\-\-only x\-y`],
	[String.raw`C:\temp\n`, String.raw`C:\(rstemp\(rsn`],
	['.config', String.raw`\&.config`],
	['a .config\n.so /etc/passwd', 'a .config\n\\&.so /etc/passwd'],
	["'br", String.raw`\(aqbr`],
	['"a" `b` ^c ~d', String.raw`\(dqa\(dq \(gab\(ga \(hac \(tid`],
	['cloud’s …', String.raw`cloud\[u2019]s \[u2026]`],
	['\u{1F642}', String.raw`\[u1F642]`],
	['plain', 'plain'],
];
for (const [text, roff] of cases) {
	test(`escaped: ${JSON.stringify(text)}`, (t) => {
		t.is(escapeRoff(text), roff);
	});
}

test('what surrounds a text is no text', (t) => {
	t.is(bold('-v'), String.raw`\fB\-v\fR`);
	t.is(section('EXIT "STATUS"'), String.raw`.SH "EXIT \(dqSTATUS\(dq"`);
	t.is(example('.x'), '.PP\n.RS 4\n.nf\n\\&.x\n.fi\n.RE');
});
