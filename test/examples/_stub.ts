import {chmod, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {type ExecutionContext} from 'ava';
import {dir} from 'tmp-promise';
import {type RunEvent} from '../../harness/core/events.ts';
import {exitCodeOf} from '../../harness/report/exit-code.ts';
import {resultText} from '../../harness/report/result.ts';

export const examples = path.resolve(import.meta.dirname, '../../examples');

/** A program in the place of bootwright: notes its arguments, and leaves the result of a run that was recorded. */
export const stub = async (t: ExecutionContext, events: readonly RunEvent[]) => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bw-example'});
	t.teardown(async () => cleanup());
	const program = path.join(directory, 'stub');
	await writeFile(path.join(directory, 'recorded.json'), resultText(events));
	await writeFile(
		program,
		`#!/bin/sh
echo "$*" >>'${directory}/asked'
while [ $# -gt 0 ]; do
	[ "$1" != --json ] || cp '${directory}/recorded.json' "$2"
	shift
done
exit ${exitCodeOf(events)}
`,
	);
	await chmod(program, 0o755);
	return {directory, program, asked: path.join(directory, 'asked')};
};
