import {element, section, table} from './dom.js';
import {linkTo} from './links.js';
import {marks} from './text.js';

/** @typedef {import('../page-data.ts').PageRun} PageRun */
/** @typedef {import('../page-data.ts').PageRow} PageRow */
/** @typedef {import('../page-data.ts').Seen} Seen */
/** @typedef {{readonly row: PageRow, readonly details: HTMLDetailsElement}} Shown */

/** @type {ReadonlyArray<PageRow['verdict']>} */
const verdicts = ['fail', 'error', 'warn', 'skip', 'pass'];

/** So many rows that did not pass are open from the start. */
const openAtFirst = 20;

/**
 * Every row, by groups, with filters by verdict and text. What a row saw is built when it is opened: of ten thousand few are.
 * @param {PageRun} run
 */
export const renderRows = ({rows}) => {
	/** @type {readonly Shown[]} */
	const shown = rows.map((row) => ({row, details: renderRow(row)}));
	const wrong = shown.filter(({row}) => isWrong(row)).slice(0, openAtFirst);
	for (const {details} of wrong) {
		details.open = true;
	}

	const groups = [...Map.groupBy(shown, ({row}) => row.group)].map(([name, members]) => ({
		members,
		group: element('div', {class: 'group'}, [
			element('h3', {}, [`${name} `, element('span', {class: 'count'}, [countsOf(members)])]),
			...members.map(({details}) => details),
		]),
	}));
	const status = element('p', {role: 'status'});
	const text = element('input', {type: 'search', id: 'rows-text'});
	const boxes = new Map(verdicts.map((verdict) => [verdict, element('input', {type: 'checkbox', checked: true})]));
	/** @type {Map<PageRow, string>} */
	const texts = new Map();
	const isIn = (/** @type {PageRow} */ row, /** @type {string} */ wanted) => {
		const known = texts.get(row) ?? textOf(row);
		texts.set(row, known);
		return known.includes(wanted);
	};

	const filter = () => {
		const wanted = text.value.trim().toLowerCase();
		let count = 0;
		for (const {group, members} of groups) {
			let some = false;
			for (const {row, details} of members) {
				const isShown = boxes.get(row.verdict)?.checked === true && (wanted === '' || isIn(row, wanted));
				details.hidden = !isShown;
				some ||= isShown;
				count += Number(isShown);
			}

			group.hidden = !some;
		}

		status.textContent = `${count} of ${rows.length} rows`;
	};

	const form = element('form', {class: 'filters', role: 'search', 'aria-label': 'Rows'}, [
		element('label', {}, ['Rows with the text ', text]),
		element('fieldset', {}, [
			element('legend', {}, ['Verdicts']),
			...verdicts.map((verdict) =>
				element('label', {class: verdict}, [
					boxes.get(verdict) ?? '',
					` ${marks[verdict]} ${verdict} (${rows.filter((row) => row.verdict === verdict).length})`,
				]),
			),
		]),
		status,
	]);
	form.addEventListener('input', filter);
	form.addEventListener('submit', (event) => event.preventDefault());
	form.addEventListener('show-all', () => {
		text.value = '';
		for (const box of boxes.values()) {
			box.checked = true;
		}

		filter();
	});
	filter();
	return section('Rows', 'rows', [form, ...groups.map(({group}) => group)]);
};

/**
 * A link leads to its row also where a filter hides it.
 * @param {HTMLElement} row
 */
export const unhideRow = (row) => {
	if (row.hidden) {
		document.querySelector('#rows form')?.dispatchEvent(new Event('show-all'));
	}
};

/** @param {PageRow} row */
const isWrong = ({verdict}) => verdict === 'fail' || verdict === 'error' || verdict === 'warn';

/** @param {readonly Shown[]} members */
const countsOf = (members) =>
	verdicts
		.map((verdict) => ({verdict, count: members.filter(({row}) => row.verdict === verdict).length}))
		.filter(({count}) => count > 0)
		.map(({verdict, count}) => `${marks[verdict]} ${count} ${verdict}`)
		.join(', ');

/** @param {PageRow} row */
const textOf = ({id, title, reason, scenario, evidence}) =>
	[
		id,
		title,
		reason,
		scenario,
		...evidence.flatMap(({what, guest, host}) => [what, guest?.observed ?? '', host?.observed ?? '']),
	]
		.join('\n')
		.toLowerCase();

/** @param {PageRow} row */
const renderRow = (row) => {
	const {id, title, verdict, reason, known} = row;
	const details = element('details', {id: `row-${id}`, class: `row ${verdict}`}, [
		element('summary', {}, [
			element('span', {class: `mark ${verdict}`}, [`${marks[verdict]} ${known ? 'known' : verdict}`]),
			element('code', {}, [id]),
			element('span', {}, [title]),
			element('span', {class: 'reason'}, [verdict === 'pass' ? '' : reason]),
		]),
	]);
	details.addEventListener('toggle', () => details.append(...renderEvidence(row)), {once: true});
	return details;
};

/** @param {PageRow} row */
const renderEvidence = ({id, reason, fix, scenario, evidence}) => [
	element('p', {}, [
		reason,
		...(scenario === '' ? [] : [` · scenario ${scenario}`]),
		' · ',
		element('a', {href: linkTo(`row-${id}`)}, ['link']),
	]),
	...(evidence.length === 0
		? []
		: [
				table(
					`What both sides saw: ${id}`,
					['What', 'Guest', 'Host'],
					evidence.map(({what, guest, host}) => [what, renderSeen(guest), renderSeen(host)]),
				),
			]),
	...(fix === '' ? [] : [element('h4', {}, ['How to mend it']), element('pre', {class: 'fix', tabindex: 0}, [fix])]),
];

/** @param {Seen | undefined} seen */
export const renderSeen = (seen) =>
	seen === undefined
		? '–'
		: element('span', {class: seen.holds ? 'holds' : 'fail'}, [
				`${seen.holds ? marks.pass : marks.fail} ${seen.observed}`,
				...(seen.observed === seen.expected ? [] : [element('small', {}, [` required: ${seen.expected}`])]),
			]);
