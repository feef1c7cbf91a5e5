import {linesOf, timeAt} from './console-lines.js';
import {findLine} from './console-search.js';
import {isLineOf, segmentAt, unpack} from './console-store.js';
import {element} from './dom.js';
import {linkTo} from './links.js';
import {grouped} from './text.js';

/** @typedef {import('./console-store.js').Console} Console */
/** @typedef {import('./console-store.js').Problem} Problem */

/** So many segments are in the page at once: what is far away is taken out again. */
const mostShown = 5;
/** Segments nearer to the edge of the view than this are brought in. */
const ahead = 1200;

/**
 * A console, of which only what is near the view is in the page.
 * @param {Console} one
 * @param {readonly Problem[]} problems of its port
 */
export const openView = (one, problems) => {
	const {segments, name} = one;
	const view = element('div', {class: 'lines', tabindex: 0, role: 'region', 'aria-label': `Console ${name}`});
	let first = 0;
	let isRaw = false;
	/** Calls wait for each other: segments come in one after the other. */
	let busy = Promise.resolve();
	const inTurn = (/** @type {() => Promise<void>} */ work) => (busy = busy.then(work));
	const build = async (/** @type {number} */ index) => {
		const segment = segments[index];
		return segment === undefined
			? element('div')
			: renderLines(one, linesOf(await unpack(segment.block), {...segment, isRaw}), {
					problems,
					timing: await one.timing(),
				});
	};

	const extend = async () => {
		const last = first + view.childElementCount - 1;
		if (view.scrollTop < ahead && first > 0) {
			const height = view.scrollHeight;
			view.prepend(await build(--first));
			view.scrollTop += view.scrollHeight - height;
			if (view.childElementCount > mostShown) {
				view.lastElementChild?.remove();
			}
		} else if (view.scrollHeight - view.scrollTop - view.clientHeight < ahead && last < segments.length - 1) {
			view.append(await build(last + 1));
			if (view.childElementCount > mostShown) {
				const height = view.scrollHeight;
				view.firstElementChild?.remove();
				first++;
				view.scrollTop -= height - view.scrollHeight;
			}
		}
	};

	view.addEventListener('scroll', () => void inTurn(extend));
	const goTo = async (/** @type {number} */ number, isMarked = true) =>
		inTurn(async () => {
			const index = segmentAt(segments, ({line}) => line, number);
			const last = first + view.childElementCount - 1;
			if (view.childElementCount === 0 || index < first || index > last) {
				first = index;
				view.replaceChildren(await build(index));
			}

			const line = [...view.querySelectorAll('.line')].find(
				(each) => each instanceof HTMLElement && each.dataset['number'] === String(number),
			);
			for (const marked of view.querySelectorAll('.target')) {
				marked.classList.remove('target');
			}

			line?.classList.toggle('target', isMarked);
			// Not scrollIntoView: the page itself stays where it is.
			if (line instanceof HTMLElement) {
				view.scrollTop += line.getBoundingClientRect().top - view.getBoundingClientRect().top - view.clientHeight / 3;
			}

			await extend();
		});

	return {
		view,
		goTo,
		showRaw: async (/** @type {boolean} */ raw) => {
			isRaw = raw;
			const at = lineInView(view);
			view.replaceChildren();
			await goTo(at, false);
		},
		find: async (/** @type {string} */ text, /** @type {{isBackward: boolean, signal: AbortSignal}} */ options) => {
			const target = view.querySelector('.target');
			const from = target instanceof HTMLElement ? Number(target.dataset['number']) : lineInView(view) - 1;
			const found = await findLine(one, text, {...options, from});
			if (found !== undefined) {
				await goTo(found);
			}

			return found;
		},
	};
};

/** @param {HTMLElement} view */
const lineInView = (view) => {
	const {top} = view.getBoundingClientRect();
	const line = [...view.querySelectorAll('.line')].find((each) => each.getBoundingClientRect().bottom > top);
	return line instanceof HTMLElement ? Number(line.dataset['number']) : 1;
};

/**
 * @param {Console} one
 * @param {readonly import('./console-lines.js').Line[]} lines
 * @param {{readonly problems: readonly Problem[], readonly timing: Parameters<typeof timeAt>[0]}} about
 */
const renderLines = ({name}, lines, {problems, timing}) => {
	const end = lines.at(-1)?.offset ?? 0;
	const near = problems.filter(({offset}) => offset >= (lines[0]?.offset ?? 0) && offset <= end + 1e6);
	return element(
		'div',
		{class: 'segment'},
		lines.map(({number, offset, text}, index) => {
			const next = lines[index + 1]?.offset ?? Infinity;
			const problem = near.find((each) => each.offset >= offset && each.offset < next && isLineOf(each, text));
			const ms = timeAt(timing, offset);
			return element('div', {class: `line ${problem?.severity ?? ''}`, 'data-number': number}, [
				element('a', {href: linkTo(`console-${name}-L${number}`), 'aria-label': `line ${number}`}, [grouped(number)]),
				element('span', {class: 'time'}, [ms === undefined ? '' : (ms / 1000).toFixed(3)]),
				element('span', {class: 'text'}, [
					...(problem === undefined
						? []
						: [element('strong', {class: 'mark'}, [`${problem.severity}: ${problem.kind} `])]),
					text,
				]),
			]);
		}),
	);
};
