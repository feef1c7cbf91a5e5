import {readFile} from 'node:fs/promises';
import {Ajv2020} from 'ajv/dist/2020.js';
import test from 'ava';
import {publishedSchemas} from '../../harness/matrix/report/published-schemas.ts';
import {resultSchema} from '../../harness/report/result-schema.ts';
import {resultOf} from '../../harness/report/result.ts';
import {exampleRun, start} from './example-run.ts';
import {runWithHistory} from './with-history.ts';

const published: unknown = JSON.parse(
	await readFile(new URL('../../docs/result.schema.json', import.meta.url), 'utf8'),
);

const asWritten = (value: unknown): unknown => {
	const text = JSON.stringify(value);
	return JSON.parse(text);
};

test('docs/result.schema.json is current (npm run schema)', (t) => {
	t.deepEqual(published, asWritten(publishedSchemas()['result.schema.json']));
});

test('what the program writes is valid by the published schema', (t) => {
	const validate = new Ajv2020().compile(published as object);
	for (const events of [exampleRun, runWithHistory, [start()]]) {
		const written = asWritten(resultOf(events));
		t.true(validate(written), JSON.stringify(validate.errors));
		t.notThrows(() => resultSchema.parse(written));
	}
});

test('the published schema refuses unknown fields and words', (t) => {
	const validate = new Ajv2020().compile(published as object);
	t.false(validate({...resultOf(exampleRun), more: 1}));
	t.false(validate({...resultOf(exampleRun), verdict: 'green'}));
});

test('the result of a run', (t) => {
	const {requirements, ...rest} = resultOf(exampleRun);
	t.deepEqual(
		requirements.map(({id, verdict}) => `${id} ${verdict}`),
		[
			'hw.scsi.spc4 pass',
			'hw.scsi.block-size fail',
			'hw.net.tso4 skip',
			'hw.net.gro4 skip',
			'kernel.VIRTIO_NET warn',
			'boot.console-clean fail',
		],
	);
	t.deepEqual(requirements[1], {
		id: 'hw.scsi.block-size',
		verdict: 'fail',
		scenario: 'scsi',
		reason: 'logical block size of sda is 4096, required 512 (guest)',
		evidence: [
			{side: 'guest', what: 'physical block size of sda', expected: '4096', observed: '4096', holds: true},
			{side: 'guest', what: 'logical block size of sda', expected: '512', observed: '4096', holds: false},
		],
	});
	t.is(rest.verdict, 'fail');
	t.is(rest.exitCode, 1);
	t.deepEqual(rest.image, {path: 'image.raw', sha256: 'ab'.repeat(32), bytes: 2_147_483_648});
	t.deepEqual(rest.access, {method: 'inject', tried: ['shell', 'inject']});
	t.deepEqual(rest.phases[0], {name: 'firmware', ms: 812.4});
	t.is(rest.console.problems.length, 1);
	t.is(rest.artifacts.reproduce, '/state/bootwright/runs/20260102-030405-image/qemu.sh');
});

test('sizes of frames and merging are in the result, and in it alone where they were measured', (t) => {
	const [figure] = resultOf(runWithHistory).measurements;
	t.deepEqual(figure?.frameSizes?.on, [0, 2, 8, 90, 0]);
	t.deepEqual(figure?.merged, {on: 27.4, off: 1});
	t.false('frameSizes' in (resultOf(exampleRun).measurements[0] ?? {}));
});

test('a run that never started has no result', (t) => {
	t.throws(() => resultOf([]), {message: 'A run that never started has no result'});
});
