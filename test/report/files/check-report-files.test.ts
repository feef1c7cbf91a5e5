import {link, mkdir, readFile, rm, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {dir, withDir} from 'tmp-promise';
import {UsageError} from '../../../harness/core/errors.ts';
import {checkReportFiles} from '../../../harness/report/files/check-report-files.ts';

const placeWith = async (t: ExecutionContext): Promise<{readonly directory: string; readonly image: string}> => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const image = path.join(directory, 'a.raw');
	await writeFile(image, 'the image');
	return {directory, image};
};

test('no report takes the place of what is judged, by whatever name', async (t) => {
	const {directory, image} = await placeWith(t);
	const [hard, soft] = [path.join(directory, 'hard.html'), path.join(directory, 'soft.xml')];
	await link(image, hard);
	await symlink('a.raw', soft);
	for (const [option, file] of [
		['json', image],
		['html', hard],
		['junit', soft],
	] as const) {
		await t.throwsAsync(checkReportFiles({[option]: file}, {inputs: ['ref:debian-12', image]}), {
			instanceOf: UsageError,
			message: `--${option} ${file} would be written over ${image}`,
		});
	}

	// A file gets its name when it is whole; before that it has another, which may be taken.
	const part = path.join(directory, 'b.json.part');
	await writeFile(part, 'an image too');
	await t.throwsAsync(checkReportFiles({json: path.join(directory, 'b.json')}, {inputs: [part]}), {
		message: /over .*b\.json\.part$/v,
	});
	await t.notThrowsAsync(checkReportFiles({json: path.join(directory, 'c.json')}, {inputs: [image, part]}));
});

test('what no report can be written to is said before the run', async (t) => {
	const {directory, image} = await placeWith(t);
	const refused = async (file: string, message: RegExp) =>
		t.throwsAsync(checkReportFiles({tap: file}), {instanceOf: UsageError, message});
	await refused(directory, /^--tap .* is a directory$/v);
	await refused(path.join(directory, 'missing/x.tap'), /^--tap .* cannot be written: ENOENT/v);
	await refused(path.join(image, 'x.tap'), /cannot be written: ENOTDIR/v);
	await symlink('loop', path.join(directory, 'loop'));
	await refused(path.join(directory, 'loop'), /cannot be written: ELOOP/v);
	// The place at the end of a link counts.
	await symlink('gone/x.tap', path.join(directory, 'link.tap'));
	await refused(path.join(directory, 'link.tap'), /cannot be written: ENOENT/v);
	await mkdir(path.join(directory, 'gone'));
	await t.notThrowsAsync(checkReportFiles({tap: path.join(directory, 'link.tap')}));
});

test('a FIFO is fine, and is not opened for a look', async (t) => {
	const {directory} = await placeWith(t);
	const fifo = path.join(directory, 'fifo');
	await execa('mkfifo', [fifo]);
	await t.notThrowsAsync(checkReportFiles({tap: fifo}, {inputs: [fifo]}));
	await rm(fifo);
	t.is(await readFile(path.join(directory, 'a.raw'), 'utf8'), 'the image');
});

test('reports may lie in the directory of artifacts that is not there yet, and in no other that is not there', async (t) => {
	await withDir(
		async ({path: place}) => {
			const merged = path.join(place, 'merged');
			const relative = path.relative(process.cwd(), merged);
			await checkReportFiles({junit: path.join(merged, 'junit.xml')}, {artifacts: relative});
			await checkReportFiles({html: path.join(relative, 'index.html')}, {artifacts: `${merged}/`});
			for (const [file, artifacts] of [
				['merged/junit.xml', undefined],
				['other/junit.xml', merged],
				['merged/below/junit.xml', merged],
				['junit.xml/junit.xml', path.join(place, 'junit.xml/other')],
			] as const) {
				await t.throwsAsync(checkReportFiles({junit: path.join(place, file)}, {artifacts}), {
					instanceOf: UsageError,
					message: /^--junit .*junit\.xml cannot be written: ENOENT/v,
				});
			}

			await mkdir(path.join(merged, 'junit.xml'), {recursive: true});
			await t.throwsAsync(checkReportFiles({junit: path.join(merged, 'junit.xml')}, {artifacts: merged}), {
				message: /is a directory$/v,
			});
		},
		{unsafeCleanup: true},
	);
});

test('no two reports go to one file, by whatever names; a device takes any number', async (t) => {
	const {directory} = await placeWith(t);
	const inIt = (name: string): string => path.join(directory, name);
	await mkdir(inIt('real'));
	await symlink('real', inIt('way'));
	await symlink('real/x', inIt('link'));
	for (const [html, junit] of [
		['same', 'same'],
		['real/x', 'way/x'],
		['link', 'real/../way/x'],
		// A file has another name until it is whole.
		['y.part', 'y'],
		['y', 'y.part'],
	] as const) {
		await t.throwsAsync(checkReportFiles({html: inIt(html), junit: inIt(junit)}), {
			instanceOf: UsageError,
			message: `--junit ${inIt(junit)} and --html ${inIt(html)} would be one file`,
		});
	}

	const written = {junit: inIt('junit.xml'), tap: inIt('junit.xml')};
	await t.throwsAsync(checkReportFiles({tap: written.tap}, {written}), {message: /would be one file$/v});
	await t.notThrowsAsync(checkReportFiles({html: '/dev/null', junit: '/dev/null', tap: inIt('link')}));
});

test('no report takes the place of what is to come, or lies among what reports are made of', async (t) => {
	const {directory} = await placeWith(t);
	const night = path.join(directory, 'night');
	const inputs = [path.join(night, 'matrix.json')];
	const junit = path.join(night, 'matrix.json');
	await t.throwsAsync(checkReportFiles({junit}, {artifacts: night, inputs}), {
		instanceOf: UsageError,
		message: `--junit ${junit} would be written over ${junit}`,
	});
	const cells = path.join(night, 'cells');
	await mkdir(path.join(cells, 'one'), {recursive: true});
	await symlink('night/cells/one/cell.json', path.join(directory, 'away'));
	for (const html of [path.join(cells, 'one/cell.json'), path.join(cells, 'x'), path.join(directory, 'away')]) {
		await t.throwsAsync(checkReportFiles({html}, {records: [cells]}), {
			instanceOf: UsageError,
			message: `--html ${html} would be written into ${cells}, of which reports are made`,
		});
	}

	await t.notThrowsAsync(checkReportFiles({html: path.join(night, 'cells.html')}, {records: [cells, '/nowhere']}));
});
