import {readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {type MetadataFault} from '../../harness/lab/metadata/metadata-faults.ts';
import {type MetadataRequest} from '../../harness/lab/metadata/metadata-log.ts';
import {ensureImage} from '../../harness/image/build.ts';
import {inspectCandidate} from '../../harness/image/inspect.ts';
import {makeRunPlan, unchosen} from '../../harness/runner/make-run-plan.ts';
import {openRunFolder} from '../../harness/runner/run-folder.ts';
import {runImage} from '../../harness/runner/run-image.ts';
import {openPlace} from '../e2e/_program.ts';

// What each request of the guest ends with: `gone` where it left before the end.
const faults: ReadonlyArray<readonly [title: string, fault: MetadataFault, status: number | 'gone']> = [
	['hangs', {kind: 'hang'}, 'gone'],
	['answers 500', {kind: 'error', status: 500}, 500],
	['sends 1 GB', {kind: 'flood', bytes: 1_000_000_000}, 'gone'],
];
for (const [title, metadata, status] of faults) {
	test.serial(
		`a metadata server that ${title} is the guest’s problem: it boots, and the next way in opens`,
		async (t) => {
			t.timeout(900_000);
			await using place = await openPlace();
			const image = await ensureImage('debian-12');
			const {signal} = new AbortController();
			const env = {...process.env, ...place.env};
			const plan = await makeRunPlan({
				...unchosen,
				version: 'test',
				argv: [],
				env,
				only: ['boot', 'reachability'],
				reuse: 'single',
				signal,
			});
			await using folder = await openRunFolder();
			const {exitCode, result} = await runImage(
				// As a person's own file: nothing is known of the way into it, so that all are tried.
				{label: image.path, candidate: await inspectCandidate(image.path, {signal}), known: undefined},
				{...plan, labFaults: {metadata}},
				{folder: folder.path, artifactsParent: place.artifacts, env, reporters: [], terminal: undefined, signal},
			);
			t.is(result.failure, null);
			t.is(exitCode, 0);
			t.is(result.access.method, 'inject');
			t.deepEqual(
				result.requirements.map(({id, verdict}) => [id, verdict]),
				[
					['boot.reached-userspace', 'pass'],
					['boot.console-clean', 'pass'],
				],
			);
			const asked = await readFile(path.join(place.artifacts, 'latest/metadata.jsonl'), 'utf8');
			const statuses = asked
				.trim()
				.split('\n')
				.map((line) => (JSON.parse(line) as MetadataRequest).status);
			t.deepEqual([...new Set(statuses)], [status]);
		},
	);
}
