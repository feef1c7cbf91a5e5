import path from 'node:path';
import test from 'ava';
import {UsageError} from '../../harness/core/errors.ts';
import {kernelVariants} from '../../harness/image/build-kernels.ts';
import {imageNames, loadRecipe} from '../../harness/image/build/recipe.ts';
import {cellCommand} from '../../harness/matrix/cell-command.ts';
import {cellsOf, knownFor} from '../../harness/matrix/cells.ts';
import {readMatrix} from '../../harness/matrix/matrix-file.ts';
import {cellsIn, matrixOf} from './_matrix.ts';

const two = `images: [ref:a, {image: /images/b.raw, tags: [slow]}]
sets: [{name: all}, {name: quick, skip: ['throughput.*']}]
`;

test('images × profiles × accelerators × sets, in the order of the file', (t) => {
	t.deepEqual(
		cellsIn(`${two}accelerators: [tcg, kvm]`).map(({id}) => id),
		['a', 'b'].flatMap((image) =>
			['tcg.all', 'tcg.quick', 'kvm.all', 'kvm.quick'].map((rest) => `${image}.gce.${rest}`),
		),
	);
});

test('what is excluded is gone, what is included comes last', (t) => {
	t.deepEqual(
		cellsIn(`${two}exclude: [{tag: slow, set: all}, {cell: 'a.*.quick'}]
include: [{image: {image: ref:a, name: a-strict, options: {strict: true}}, set: {name: pci, only: [hw.pci.*]}}]`).map(
			({id}) => id,
		),
		['a.gce.auto.all', 'b.gce.auto.quick', 'a-strict.gce.auto.pci'],
	);
});

test('a line that concerns no cell, or two cells of one name, is a mistake', (t) => {
	t.throws(() => cellsIn(`${two}exclude: [{image: ref:c}]`), {
		instanceOf: UsageError,
		message: /^exclude matches no cell/v,
	});
	const known = "known: [{id: x, match: {set: quik}, rows: ['*'], reason: r, until: 2027-01-01}]";
	t.throws(() => cellsIn(`${two}${known}`), {message: /^known issue x matches no cell/v});
	t.throws(() => cellsIn('images: [ref:a, /images/a.raw]'), {
		message: 'Two cells of the matrix are called a.gce.auto.all',
	});
});

test('what is wrong in the file is told with its place', async (t) => {
	t.throws(() => matrixOf('images: ['), {instanceOf: UsageError, message: /^nightly\.yaml is no YAML: .* line 1/v});
	t.throws(() => matrixOf('images: [ref:a]\nimage: ref:b'), {message: /^nightly\.yaml: .*Unrecognized key: "image"/v});
	t.throws(() => matrixOf('images: []'), {message: /at images/v});
	t.throws(() => matrixOf("images: [ref:a]\nknown: [{id: x, rows: ['*'], reason: r, until: soon}]"), {
		message: /until/v,
	});
	t.throws(() => matrixOf('images: [{image: ref:a, options: {artifacts: /tmp}}]'), {message: /artifacts/v});
	await t.throwsAsync(readMatrix('/nonexistent.yaml'), {instanceOf: UsageError, message: /ENOENT/v});
});

test('the command of a cell says what differs from the default', (t) => {
	const [plain, rich] = cellsOf(
		matrixOf(`images: [ref:a, {image: -odd.raw, options: {strict: true, kernel: bzImage, timeout: 30}}]
accelerators: [kvm]
sets: [{name: s, only: [a, b], skip: [c]}]`),
	);
	t.deepEqual(plain && cellCommand(plain), [
		'test',
		'--accel',
		'kvm',
		'--only',
		'a',
		'--only',
		'b',
		'--skip',
		'c',
		'--',
		'ref:a',
	]);
	t.deepEqual(rich && cellCommand(rich).slice(-7), [
		'--strict',
		'--kernel',
		'bzImage',
		'--timeout',
		'30',
		'--',
		'-odd.raw',
	]);
});

test('scenarios of a person, modules and patience are options of a cell too', (t) => {
	const [one, several] = cellsIn(
		`images: [{image: ref:a, options: {scenario: ./swap.ts}}, {image: ref:b, options: {scenario: [x.ts, y.ts], kernel: k, modules: m, timeout-scale: 2.5}}]`,
	);
	t.deepEqual(one && cellCommand(one), ['test', '--scenario', './swap.ts', '--', 'ref:a']);
	t.deepEqual(several && cellCommand(several).slice(1, -2), [
		'--scenario',
		'x.ts',
		'--scenario',
		'y.ts',
		'--kernel',
		'k',
		'--modules',
		'm',
		'--timeout-scale',
		'2.5',
	]);
	for (const wrong of ['scenario: []', "scenario: ''", 'timeout-scale: 0', 'scenarios: x.ts']) {
		t.throws(() => cellsIn(`images: [{image: ref:a, options: {${wrong}}}]`), {
			instanceOf: UsageError,
			message: /at images\[0\]\.options/v,
		});
	}
});

test('the matrix of the project is one, and every image of it is there', async (t) => {
	const root = path.resolve(import.meta.dirname, '../..');
	const cells = cellsOf(await readMatrix(path.join(root, 'nightly.yaml')));
	t.true(cells.length >= 6);
	for (const {image, kernel} of cells) {
		const names = kernel === true ? Object.keys(kernelVariants()) : imageNames();
		t.true(names.includes(image.replace(/^ref:/v, '')), image);
	}
});

test('the matrix of the project has every image with a disk, and every kernel, which fails as it was made to', async (t) => {
	const matrix = await readMatrix(path.resolve(import.meta.dirname, '../../nightly.yaml'));
	const cells = cellsOf(matrix);
	const named = new Set(cells.filter(({kernel}) => kernel === undefined).map(({image}) => image));
	t.deepEqual(
		imageNames().filter((name) => loadRecipe(name).disk !== undefined && !named.has(`ref:${name}`)),
		[],
	);
	for (const [name, {expect}] of Object.entries(kernelVariants())) {
		const cell = cells.find(({image, kernel}) => kernel === true && image === `ref:${name}`);
		t.deepEqual(
			cell && knownFor(cell, matrix.known).flatMap(({rows}) => rows),
			'dies' in expect ? ['run', 'boot.console-clean'] : expect.fails,
			name,
		);
	}
});

test('a kernel by itself is a cell; an image and a kernel in one place are a mistake', (t) => {
	const [alone] = cellsIn('images: [{kernel: ref:no-msi, tags: [kernel]}]');
	t.is(alone?.id, 'no-msi.gce.auto.all');
	t.deepEqual(alone && cellCommand(alone), ['test', '--kernel', 'ref:no-msi']);
	for (const wrong of ['{image: ref:a, kernel: ref:b}', '{name: a}']) {
		t.throws(() => cellsIn(`images: [${wrong}]`), {
			instanceOf: UsageError,
			message: /must name an image, or a kernel.* at images\[0\]/v,
		});
	}

	for (const wrong of ['image: a.raw, options: {append: quiet}', 'kernel: a, options: {kernel: b}']) {
		t.throws(() => cellsIn(`images: [{${wrong}}]`), {instanceOf: UsageError, message: /kernel.* at images\[0\]/v});
	}
});
