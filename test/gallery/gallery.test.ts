import {readFile, readdir, stat} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {SaxesParser} from 'saxes';
import {castOf, columns} from './record.ts';
import {screenSvg} from './screen-svg.ts';

const root = path.resolve(import.meta.dirname, '../..');
const gallery = path.join(root, 'docs/gallery');

test('a recording is what asciinema reads, and tells all that came', (t) => {
	const text = castOf(
		[
			[0, '$ x\r\n'],
			[0.2, '\u001B[1mone'],
			[0.9, 'two'],
		],
		{title: 'a run', at: 1_700_000_000_500},
	);
	const [header, ...events] = text
		.trimEnd()
		.split('\n')
		.map((line) => JSON.parse(line) as unknown);
	t.like(header, {version: 2, width: columns, timestamp: 1_700_000_000, title: 'a run'});
	t.deepEqual(events, [
		[0, 'o', '$ x\r\n\u001B[1mone'],
		[0.9, 'o', 'two'],
	]);
});

test('the last screen is drawn as a terminal has it: overwritten, coloured, in its columns', async (t) => {
	const svg = await screenSvg(
		[
			[0, 'gone\r\u001B[Ka <b> & c\r\n'],
			[1, `\u001B[31mred\u001B[0m  \u001B[1mbold\u001B[0m`],
		],
		'<title>',
	);
	const texts: Array<{readonly x: string; readonly fill: string | undefined; text: string}> = [];
	const parser = new SaxesParser();
	parser.on('opentag', ({name, attributes: {x = '', fill}}) => {
		if (name === 'text') {
			texts.push({x, fill, text: ''});
		}
	});
	parser.on('text', (text) => {
		const last = texts.at(-1);
		if (last !== undefined && text.trim() !== '') {
			last.text += text;
		}
	});
	parser.write(svg).close();
	t.deepEqual(texts, [
		{x: '14.0', fill: undefined, text: 'a <b> & c'},
		{x: '14.0', fill: '#ff7b72', text: 'red'},
		{x: '56.1', fill: undefined, text: 'bold'},
	]);
});

test('the gallery is small, the README shows all of it, and nothing in it is of the machine that made it', async (t) => {
	const names = await readdir(gallery);
	const readme = await readFile(path.join(root, 'README.md'), 'utf8');
	t.true(names.length >= 7, names.join(' '));
	t.deepEqual(
		names.filter((name) => !readme.includes(`docs/gallery/${name}`)),
		[],
	);
	const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(gallery, name))).size));
	t.true(sizes.reduce((sum, size) => sum + size) < 1_000_000, sizes.join(' '));
	const texts = names.filter((name) => /\.(?:svg|cast)$/v.test(name));
	const written = (await Promise.all(texts.map(async (name) => readFile(path.join(gallery, name), 'utf8')))).join('');
	t.true(written.includes('npx bootwright'));
	const paths = written.match(/\/(?:tmp|home|root|work|Users)\/[\w.\-]*/gv) ?? [];
	t.deepEqual(
		paths.filter((one) => one !== '/tmp/gallery'),
		[],
	);
	t.false(os.hostname().length > 3 && written.includes(os.hostname()));
});
