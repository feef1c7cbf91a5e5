import {element, section, table} from './dom.js';
import {linkTo} from './links.js';
import {marks} from './text.js';

/** @typedef {import('../page-data.ts').PageRun} PageRun */

/** So many rows that are wrong are told at the top; the list of rows has them all. */
const mostWrong = 50;

/**
 * What a person needs first: the verdict, what ended the run, what is wrong and how to mend it, how to repeat it.
 * @param {PageRun} run
 */
export const renderOverview = (run) => [
	element('h1', {class: run.isGreen ? 'pass' : 'fail'}, [`${run.isGreen ? marks.pass : marks.fail} ${run.name}`]),
	element('p', {class: 'summary'}, [`${run.summary}, exit code ${run.exitCode}`]),
	...run.failures.map(({kind, message, hint}) =>
		element('div', {class: 'failure', role: 'group', 'aria-label': 'What ended the run'}, [
			element('p', {}, [element('strong', {}, [kind]), `: ${message}`]),
			...(hint === '' ? [] : [element('p', {}, [hint])]),
		]),
	),
	...renderWrong(run),
	...renderKnown(run),
	...(run.notes.length === 0
		? []
		: [
				section('Notes', 'notes', [
					element(
						'ul',
						{},
						run.notes.map((note) => element('li', {}, [note])),
					),
				]),
			]),
	section('Reproduce', 'reproduce', [
		...run.reproduce.map((command) => element('pre', {tabindex: 0}, [command])),
		table(
			'The run',
			['What', 'Value'],
			run.facts.map((fact) => [...fact]),
		),
	]),
];

/** @param {PageRun} run */
const renderWrong = ({rows}) => {
	const wrong = ['fail', 'error', 'warn'].flatMap((wanted) => rows.filter(({verdict}) => verdict === wanted));
	if (wrong.length === 0) {
		return [];
	}

	const items = wrong
		.slice(0, mostWrong)
		.map(({id, verdict, title, reason, fix}) =>
			element('li', {}, [
				element('span', {class: `mark ${verdict}`}, [`${marks[verdict]} ${verdict}`]),
				' ',
				element('a', {href: linkTo(`row-${id}`)}, [id]),
				` ${title}`,
				element('p', {}, [reason]),
				...(fix === '' ? [] : [element('pre', {class: 'fix', tabindex: 0, 'aria-label': 'How to mend it'}, [fix])]),
			]),
		);
	const more = wrong.length - items.length;
	return [
		section('What is wrong, and how to mend it', 'wrong', [
			element('ul', {class: 'wrong'}, items),
			...(more > 0 ? [element('p', {}, [`and ${more} more rows below`])] : []),
		]),
	];
};

/** @param {PageRun} run */
const renderKnown = ({known}) =>
	known.length === 0
		? []
		: [
				section('Known issues', 'known', [
					table(
						'What is known to fail, and where it did',
						['Issue', 'Why', 'Where'],
						known.map((issue) => [
							element('span', {class: issue.expired ? 'fail' : 'skip'}, [
								`${issue.expired ? marks.fail : marks.skip} known as ${issue.id} until ${issue.until}${issue.expired ? ', which is over: it counts again' : ''}`,
							]),
							element('span', {}, [issue.reason, ...further(issue)]),
							element(
								'span',
								{},
								issue.rows.flatMap((row) => [renderPlace(row), ' ']),
							),
						]),
					),
				]),
			];

/**
 * What is no address of the web is text: a log may come from anywhere.
 * @param {PageRun['known'][number]} issue
 */
const further = ({link}) =>
	link === '' ? [] : [' ', /^https?:\/\//v.test(link) ? element('a', {href: link, rel: 'noreferrer'}, [link]) : link];

/** @param {string} row */
const renderPlace = (row) =>
	row === 'run' ? 'the guest did not come up' : element('a', {href: linkTo(`row-${row}`)}, [row]);
