import {lineOfProblem} from './console-store.js';
import {openView} from './console-view.js';
import {element, section, table} from './dom.js';
import {linkTo} from './links.js';
import {grouped} from './text.js';

/** @typedef {import('../page-data.ts').PageRun} PageRun */
/** @typedef {import('./console-store.js').Console} Console */

/**
 * The consoles of a run: which there are, what was a problem on them, and one of them to read and to search.
 * @param {PageRun} run
 * @param {{readonly consoles: readonly Console[], readonly lack: string}} found
 */
export const renderConsoles = (run, {consoles, lack}) => {
	const place = element('div');
	/** @type {{readonly name: string, readonly view: ReturnType<typeof openView>} | undefined} */
	let open;
	const show = (/** @type {Console} */ one) => {
		if (open?.name !== one.name) {
			const view = openView(
				one,
				run.problems.filter(({port}) => port === one.port),
			);
			open = {name: one.name, view};
			select.value = one.name;
			place.replaceChildren(...about(one), view.view);
			raw.checked = false;
		}

		return open.view;
	};

	const select = element(
		'select',
		{id: 'console-name'},
		consoles.map(({name, bytes}) =>
			element('option', {value: name}, [`${name} (${bytes === 0 ? 'empty' : `${grouped(bytes)} bytes`})`]),
		),
	);
	const raw = element('input', {type: 'checkbox'});
	const line = element('input', {type: 'number', min: 1, id: 'console-line'});
	const text = element('input', {type: 'search', id: 'console-text'});
	const status = element('p', {role: 'status'});
	const form = element('form', {class: 'filters', role: 'search', 'aria-label': 'Consoles'}, [
		element('label', {}, ['Console ', select]),
		element('label', {}, ['Line ', line]),
		element('label', {}, ['Find ', text]),
		element('button', {value: 'next'}, ['Next']),
		element('button', {value: 'previous'}, ['Previous']),
		element('label', {}, [raw, ' show terminal escapes']),
		status,
	]);
	const chosen = () => consoles.find(({name}) => name === select.value);
	select.addEventListener('change', () => {
		const one = chosen();
		void (one && show(one).goTo(1, false));
	});
	line.addEventListener('change', () => void open?.view.goTo(Number(line.value)));
	raw.addEventListener('change', () => void open?.view.showRaw(raw.checked));
	let search = new AbortController();
	form.addEventListener('submit', (event) => {
		event.preventDefault();
		search.abort();
		search = new AbortController();
		if (document.activeElement === line || text.value === '') {
			return;
		}

		status.textContent = 'Searching';
		const isBackward = event.submitter instanceof HTMLButtonElement && event.submitter.value === 'previous';
		const {signal} = search;
		void open?.view.find(text.value, {isBackward, signal}).then((found) => {
			if (!signal.aborted) {
				status.textContent = found === undefined ? 'No such line' : `Line ${grouped(found)}`;
			}
		});
	});
	const first = consoles.find(({bytes}) => bytes > 0) ?? consoles[0];
	return {
		node: section('Consoles', 'consoles', [
			...(lack === '' ? [] : [element('p', {}, [`The consoles are not in this page: ${lack}`])]),
			...renderProblems(run),
			...(consoles.length === 0 ? [] : [form, place]),
		]),
		/** The first of them, once the page has room for it. */
		open: async () => first && show(first).goTo(1, false),
		/** @param {string} name @param {number} number */
		goTo: async (name, number) => {
			const one = consoles.find((each) => each.name === name);
			place.scrollIntoView({block: 'center'});
			await (one && show(one).goTo(number));
		},
		/** @param {number} index */
		placeOfProblem: async (index) => {
			const problem = run.problems[index];
			return problem && lineOfProblem(consoles, problem);
		},
	};
};

/** @param {Console} one */
const about = ({bytes, file, leftOut}) => [
	...(bytes === 0 ? [element('p', {}, ['Nothing was written to this port.'])] : []),
	...(leftOut > 0
		? [
				element('p', {}, [
					`${grouped(leftOut)} bytes in the middle are left out; lines after them are counted on from those before. All of it: ${file} among the artifacts`,
				]),
			]
		: []),
];

/** @param {PageRun} run */
const renderProblems = ({problems}) =>
	problems.length === 0
		? [element('p', {}, ['No problem was seen on a console.'])]
		: [
				table(
					'Problems on the consoles',
					['Severity', 'Kind', 'Port', 'Line'],
					problems.map(({severity, kind, port, line}, index) => [
						severity,
						kind,
						port,
						element('a', {href: linkTo(`problem-${index + 1}`)}, [line]),
					]),
				),
			];
