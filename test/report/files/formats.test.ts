import test from 'ava';
import {formatNames} from '../../../harness/report/files/format-names.ts';
import {formats} from '../../../harness/report/files/formats.ts';
import {layoutOf} from '../../../harness/report/layout.ts';
import {renderReport} from '../../../harness/report/render-report.ts';
import {foldRun} from '../../../harness/report/run-state.ts';
import {terminalReporter} from '../../../harness/report/terminal.ts';
import {exampleRun, surroundings} from '../example-run.ts';
import {hostileFacts, hostileRun} from './_hostile-run.ts';

/** Of what was written by others; what reports are laid out with is not among it. */
const unprintable = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u;

const findIn = (report: string): string | undefined => {
	const at = report.search(unprintable);
	return at === -1 ? undefined : JSON.stringify(report.slice(Math.max(0, at - 60), at + 20));
};

/** What JSON holds, programs read. */
const shown = formatNames.filter((name) => name !== 'json');

for (const format of shown) {
	test(`${format} shows what cannot be printed, whoever wrote it`, async (t) => {
		for (const events of [hostileRun, hostileFacts]) {
			const made = formats[format]([events, exampleRun], [[], []]);
			const report = typeof made === 'string' ? made : (await Array.fromAsync(made)).join('');
			t.is(findIn(report), undefined);
			t.regex(report, /u\\?\{ffff\\?\}/v);
		}
	});
}

test('the terminal obeys nobody', (t) => {
	for (const events of [hostileRun, hostileFacts]) {
		let text = '';
		const stream = {write: (chunk: string) => (text += chunk)};
		const report = terminalReporter({stream, color: false, verbose: true, surroundings});
		for (const event of events) {
			report(event);
		}

		t.is(findIn(text), undefined);
		t.is(findIn(renderReport(foldRun(events), layoutOf({color: false}), true)), undefined);
	}
});
