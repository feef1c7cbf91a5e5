import {type ErrorCode} from './errors.ts';

/** What is written about a kind of error: who has to act, and how. */
type ErrorText = {readonly title: string; readonly means: string; readonly next: string};

export const errorTexts: Readonly<Record<ErrorCode, ErrorText>> = {
	usage: {
		title: 'The command line, an image or a profile is wrong',
		means: 'The person who typed has to act. Nothing was started, and nothing was written.',
		next: 'The message says what is wrong and where (of a profile with file, line and column), and the nearest word that is known.',
	},
	host: {
		title: 'This host cannot do it',
		means:
			'QEMU is missing, too old or crashed by itself; or disk, memory, a permission or a program is lacking. Nothing was found out about the image.',
		next: 'bootwright doctor names each lack and the command that mends it.',
	},
	guest: {
		title: 'The candidate did not come up, or died',
		means: 'The image has to be mended: it panicked, hung, stopped at a prompt, or let nobody in.',
		next: 'failure.kind of result.json says which: bootwright explain KIND. To see it: bootwright console IMAGE',
	},
	deadline: {
		title: 'A deadline passed',
		means: 'A phase took longer than it may; the message names the phase. Of a single scenario: its rows are error.',
		next: 'On a slow or busy host stretch every deadline with --timeout-scale; the whole run alone with --timeout.',
	},
	interrupted: {
		title: 'A signal ended the run',
		means: 'SIGHUP, SIGINT or SIGTERM. Everything was torn down first; what was judged before that is in the reports.',
		next: 'Nothing is left to tidy; run it again.',
	},
	bug: {
		title: 'The program contradicted itself',
		means: 'Bootwright is at fault, neither the image nor the host. The only error that is shown with its stack.',
		next: 'Report it with the message, the stack, and events.jsonl of the run.',
	},
};
