/** The line of reports that no row tells: JUnit, TAP, Code Quality and the known issues of a matrix call it so. */
export const runRow = {
	id: 'run',
	title: 'Whether the guest came up and the run came to its end',
	means:
		'the first line of a run in JUnit, TAP and Code Quality, and a name for "rows" of a known issue. It fails where the guest did not come up, and is an error where the host, a deadline or a signal ended the run: all rows are skipped then, and nothing else would be red',
	next: 'Its reason says what ended the run; its kind, such as panic or host, is explained by that name.',
} as const;

/** The kind of error that the line of a run is whose rows are all skipped. */
export const unproved = {
	id: 'unproved',
	title: 'No row could be observed',
	means:
		'the run came to its end, and all of its rows are skipped, or there was none: nothing was found out about the image',
	next: 'The reasons of the rows say what is lacking: tools, the network lab, a way in. bootwright doctor has the commands that mend the host.',
} as const;
