import test from 'ava';
import {appendRun} from '../../harness/history/append-run.ts';
import {historyRunOf} from '../../harness/history/history-run.ts';
import {usualBoot} from '../../harness/history/usual-boot.ts';
import {start} from '../report/example-run.ts';
import {openState, runNumber} from './_history.ts';

const kernel = undefined;

test('medians of earlier boots of the same image on the same machine, each boot once', async (t) => {
	const env = await openState(t);
	const started = start({image: {path: 'ref:debian-12', bytes: 1, sha256: undefined}, at: Date.UTC(2027, 0, 1)});
	t.is(usualBoot(started, {kernel, env}).size, 0, 'no history yet');
	const {host} = historyRunOf([started], {kernel})!;
	for (const [index, ms] of [10, 30, 20].entries()) {
		appendRun(runNumber(index, {host, phases: [{name: 'kernel', ms}]}), env);
	}

	// Copies of the first boot, another class of hosts, another image.
	for (const index of [3, 4, 5]) {
		appendRun(runNumber(index, {host, phases: [{name: 'kernel', ms: 10}]}), env);
	}

	appendRun(runNumber(6, {host: {...host, processors: 99}, phases: [{name: 'kernel', ms: 1}]}), env);
	appendRun(runNumber(7, {host, image: 'ref:probe', phases: [{name: 'kernel', ms: 2}]}), env);
	t.deepEqual([...usualBoot(started, {kernel, env})], [['kernel', 20]]);
	t.is(usualBoot(started, {kernel: 'bzImage', env}).size, 0);
});

test('a history that cannot be read knows nothing', (t) => {
	t.is(usualBoot(start(), {kernel, env: {XDG_STATE_HOME: '/dev/null'}}).size, 0);
});
