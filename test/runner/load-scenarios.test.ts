import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {dir} from 'tmp-promise';
import {UsageError} from '../../harness/core/errors.ts';
import {loadScenarios} from '../../harness/runner/load-scenarios.ts';

const index = path.resolve(import.meta.dirname, '../../harness/index.ts');

const withFile = async (t: ExecutionContext, text: string): Promise<string> => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bw-scenario'});
	t.teardown(cleanup);
	const file = path.join(directory, 'mine.ts');
	await writeFile(
		file,
		text.replaceAll('INDEX', () => JSON.stringify(index)),
	);
	return file;
};

const mine = (proves: string): string => `import {scenario} from INDEX;
export default scenario({id: 'mine', title: 'Mine', proves: ${proves}, needsGuest: false, run() {}});
`;

test('a person’s own scenario with rows of its own', async (t) => {
	const file = await withFile(t, mine(`['custom.mine']`));
	const ids = new Set((await loadScenarios([file])).map(({id}) => id));
	t.true(ids.has('mine') && ids.has('scsi'));
});

test('whoever changes the guest comes after all who look at it, also a person’s own', async (t) => {
	const file = await withFile(t, mine(`['custom.mine']`));
	const ids = (await loadScenarios([file])).map(({id}) => id);
	t.deepEqual(ids.slice(-5), ['mine', 'offload-checksum', 'offload-gro', 'offload-tso', 'boot']);
});

test('an unknown row names the nearest', async (t) => {
	const file = await withFile(t, mine(`['hw.scsi.spc5']`));
	const error = await t.throwsAsync(loadScenarios([file]), {instanceOf: UsageError});
	t.true(
		error.message.startsWith(`${file} proves the unknown requirement "hw.scsi.spc5". Did you mean "hw.scsi.spc4"`),
	);
	t.is(error.hint, 'Rows of your own begin with "custom.".');
});

test('a row that another scenario settles', async (t) => {
	const file = await withFile(t, mine(`['hw.scsi.spc4']`));
	await t.throwsAsync(loadScenarios([file]), {
		message: 'hw.scsi.spc4 is claimed by two scenarios: scsi and mine',
	});
});

test('a file that is no scenario, or does not load', async (t) => {
	const plain = await withFile(t, 'export default 1;\n');
	await t.throwsAsync(loadScenarios([plain]), {
		instanceOf: UsageError,
		message: `${plain} does not export a scenario`,
	});
	// Reports could not call its rows anything.
	const untitled = await withFile(t, mine("['custom.mine']").replace("title: 'Mine', ", ''));
	await t.throwsAsync(loadScenarios([untitled]), {message: `${untitled} does not export a scenario`});
	await t.throwsAsync(loadScenarios(['/nonexistent/mine.ts']), {
		instanceOf: UsageError,
		message: /^Cannot load the scenario \/nonexistent\/mine\.ts: Cannot find module/,
	});
});
