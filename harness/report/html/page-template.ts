import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {fileURLToPath} from 'node:url';

/** The page without data: before the runs, between them and the consoles, and after these. */
export type PageTemplate = {readonly head: string; readonly script: string; readonly end: string};

/** In the order of their imports: a module stands behind what it needs. */
const modules = [
	'dom',
	'text',
	'links',
	'overview',
	'rows',
	'timeline',
	'machine',
	'draw-chart',
	'charts',
	'history',
	'console-lines',
	'console-store',
	'console-search',
	'console-view',
	'consoles',
	'main',
];

/** Reads the page's files, and puts script and style into it: it opens from disk, without a network. */
export const readTemplate = async (): Promise<PageTemplate> => {
	const [page = '', ...styles] = await Promise.all(
		[ours('page.html'), library('uPlot.min.css'), ours('page.css')].map(async (file) => readFile(file, 'utf8')),
	);
	const style = styles.join('\n');
	const script = await pageScript();
	const policy = [
		"default-src 'none'",
		`script-src '${digest(script)}'`,
		`style-src '${digest(style)}'`,
		"base-uri 'none'",
		"form-action 'none'",
	].join('; ');
	const parts: Readonly<Record<string, string>> = {
		'{{policy}}': policy,
		'<!-- style -->': `<style>${style}</style>`,
		'<!-- script -->': `<script>${script}</script>`,
	};
	const [head = '', middle = '', end = ''] = page
		.split(/<!-- (?:runs|consoles) -->\n/v)
		.map((part) => part.replaceAll(/\{\{policy\}\}|<!-- (?:style|script) -->/gv, (place) => parts[place] ?? ''));
	return {head, script: middle, end};
};

/** The page's modules and the library that draws its charts as one classic script: modules cannot import each other inside a page. */
export const pageScript = async (): Promise<string> => {
	const uplot = await readFile(library('uPlot.iife.min.js'), 'utf8');
	const sources = await Promise.all(modules.map(async (name) => readFile(ours(`${name}.js`), 'utf8')));
	const own = sources.map((source) => source.replaceAll(/^import [^;]+;\n/gmv, '').replaceAll(/^export /gmv, ''));
	return `${uplot}\n(() => {\n'use strict';\n${own.join('\n')}})();\n`;
};

const ours = (name: string): string => fileURLToPath(new URL(`page/${name}`, import.meta.url));

const library = (name: string): string => createRequire(import.meta.url).resolve(`uplot/dist/${name}`);

/** As a Content-Security-Policy names a script or style that stands in the page (Content Security Policy Level 3, 2.3.1). */
const digest = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;
