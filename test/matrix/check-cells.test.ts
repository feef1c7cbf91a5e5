import {readFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {UsageError} from '../../harness/core/errors.ts';
import {cellsOf} from '../../harness/matrix/cells.ts';
import {checkCells} from '../../harness/matrix/check-cells.ts';
import {readMatrix} from '../../harness/matrix/matrix-file.ts';
import {matrixOf} from './_matrix.ts';

const root = path.resolve(import.meta.dirname, '../..');
const own = path.join(root, 'examples/own-scenario/no-swap.ts');

const check = async (text: string): Promise<void> => {
	const matrix = matrixOf(text);
	await checkCells(cellsOf(matrix), matrix.known);
};

const refused = async (t: ExecutionContext, text: string, message: string | RegExp): Promise<void> => {
	await t.throwsAsync(check(text), {instanceOf: UsageError, message}, text);
};

test('names of images, kernels and profiles that nobody knows', async (t) => {
	await refused(t, 'images: [x.raw, ref:prob]', /^Cell prob\.gce\.auto\.all: There is no image "prob"\. .*"probe"/v);
	await refused(t, 'images: [ref:appliance]', /ref:appliance is a kernel with a ramdisk; it has no disk/v);
	await refused(
		t,
		'images: [{kernel: ref:no-yma}]',
		'Cell no-yma.gce.auto.all: There is no kernel "no-yma". Did you mean "no-yama"?',
	);
	await refused(t, 'images: [{image: ref:probe, options: {kernel: ref:probe}}]', /There is no kernel "probe"/v);
	await refused(t, 'images: [ref:probe]\nprofiles: [gcee]', /There is no profile "gcee"\. Did you mean "gce"/v);
	await refused(t, 'images: [ref:probe]\nprofiles: [/none.yaml]', /Profile \/none\.yaml cannot be read/v);
	await refused(t, 'images: [x.raw]\ninclude: [{image: ref:probe, profile: gcee}]', /^Cell probe\.gcee/v);
});

test('patterns of rows that match nothing, or leave nothing', async (t) => {
	const set = (words: string): string => `images: [ref:probe]\nsets: [{name: a, ${words}}]`;
	await refused(
		t,
		set('only: [hw.pci.*, hw.scsi.blocksize]'),
		'Cell probe.gce.auto.a: "hw.scsi.blocksize" matches no requirement and no scenario. Did you mean "hw.scsi.block-size"?',
	);
	await refused(t, set('only: [hw.pcii.*]'), /"hw\.pcii\.\*" matches no .* Did you mean "hw\.pci\.\*"/v);
	await refused(t, set('skip: [custom.*]'), /"custom\.\*" matches no requirement/v);
	await refused(t, set("skip: ['*']"), /Nothing is selected/v);
	await t.notThrowsAsync(check(set('only: [scsi], skip: [hw.scsi.*-queue]')));
});

test('a known issue names rows that its cells have', async (t) => {
	const known = (match: string, rows: string): string =>
		`images: [ref:probe, {image: x.raw, options: {scenario: ${own}}}]
known: [{id: k, match: ${match}, rows: [${rows}], reason: r, until: 2027-01-01}]`;
	await t.notThrowsAsync(check(known('{}', 'run, kernel.*, custom.no-swap')));
	await refused(
		t,
		known('{}', 'run, kernel.SECURITY_YAMMA'),
		/^known issue k: "kernel\.SECURITY_YAMMA" matches no row of its cells\. Did you mean .*"kernel\.SECURITY_YAMA"/v,
	);
	await refused(t, known('{image: ref:*}', 'custom.no-swap'), /"custom\.no-swap" matches no row of its cells/v);
});

test('a scenario of a person is there, and its rows are known where it is named', async (t) => {
	const cell = (scenario: string): string =>
		`images: [{image: x.raw, options: {scenario: ${scenario}}}]\nsets: [{name: a, only: [custom.*]}]`;
	await t.notThrowsAsync(check(cell(own)));
	await refused(t, cell('/none.ts'), /^Cell x\.gce\.auto\.a: Cannot load the scenario \/none\.ts/v);
});

test('files that something may make during the night are not looked for', async (t) => {
	const options = 'initrd: /none, config: /none, password-file: /none, modules: /none';
	await t.notThrowsAsync(check(`images: [/none.raw, {kernel: /none.bz, options: {${options}}}]`));
});

test('the matrix of the project, and the one of the manual', async (t) => {
	const nightly = await readMatrix(path.join(root, 'nightly.yaml'));
	await t.notThrowsAsync(checkCells(cellsOf(nightly), nightly.known));
	const page = await readFile(path.join(root, 'docs/matrix.md'), 'utf8');
	const [example = ''] = /(?<=```yaml\n).*?(?=\n```)/sv.exec(page) ?? [];
	t.regex(example, /^images: # a path/v);
	await t.notThrowsAsync(check(example));
});
