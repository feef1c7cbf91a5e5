/** What an exit code tells whoever ran the program. `--help`, `explain`, the manual page and docs/exit-codes.md say it in these words. */
export type ExitMeaning = {
	readonly codes: readonly [number, ...number[]];
	/** In one line. */
	readonly title: string;
	readonly means: string;
	/** What to do then. */
	readonly next: string;
};

export const exitMeanings = [
	{
		codes: [0],
		title: 'every selected row passed (or warned)',
		means:
			'no selected row is fail or error, and at least one is pass or warn; skipped rows are counted in the last line',
		next: 'Nothing. Where a pipeline wants no doubt, --strict turns warn and skip into fail.',
	},
	{
		codes: [1],
		title: 'at least one row failed',
		means: 'at least one row failed; also a guest that came up and died while it was tested',
		next: 'The report has the evidence of each row that failed, and how to mend it. Why a row is asked for: bootwright explain ID',
	},
	{
		codes: [2],
		title: 'usage; nothing was started',
		means:
			'usage: a bad option, a missing or unreadable image, a bad profile; nothing was started. Selecting nothing is usage too. Of a matrix: its file is wrong, and nothing was started, or in a cell nothing was started, such as for an image that is not there, while the others were run',
		next: 'The message names what is wrong, and the nearest word that is known. In a matrix the cells that could not be started are the errors of its grid.',
	},
	{
		codes: [3],
		title: 'the guest did not come up',
		means:
			'the guest did not come up: no boot sector, panic, hang, boot loop, no way in. Rows nobody could observe are skip',
		next: 'failure.kind of result.json says which: bootwright explain KIND. The end of console-ttyS0.log has its last words.',
	},
	{
		codes: [4],
		title: 'the host or the harness failed',
		means:
			'the host or the harness failed: QEMU missing or crashed by itself, no disk space, no memory; any row is error; or every row is skip, so that nothing was found out',
		next: 'Nothing was found out about the image. What this host lacks, and the command that mends it: bootwright doctor',
	},
	{
		codes: [5],
		title: 'the overall deadline passed',
		means: 'the overall deadline passed',
		next: 'On a slow or busy host stretch every deadline with --timeout-scale, or the whole run alone with --timeout.',
	},
	{
		codes: [129, 130, 143],
		title: 'interrupted, cleaned up first',
		means: 'interrupted by SIGHUP, SIGINT, SIGTERM; everything was cleaned up first',
		next: 'Nothing is left to tidy; run it again.',
	},
] as const satisfies readonly ExitMeaning[];

/** What `git bisect run` is told in place of codes that it would take for bad (git-bisect(1), "Bisect run"). */
export const bisectMeaning = {
	codes: [125],
	title: 'with --bisect: this commit cannot be judged, and is passed over',
	means:
		'with --bisect, in place of 2, 4 and 5: nothing was found out about the image, so that "git bisect run" passes over this commit; 0 is good, 1 bad',
	next: 'The message and the report say what was in the way. Where every commit ends so, run it without --bisect, and mend that first.',
} as const satisfies ExitMeaning;

/** Which code a run ends with when several hold. */
export const exitPrecedence = 'When several hold, the first of: 2, signal, 4, 5, 3, 1.';
