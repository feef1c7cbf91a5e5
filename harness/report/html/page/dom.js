/** @typedef {string | number | Node} Child */

/**
 * An element. Whatever a text says, it becomes a text node: nothing in this page is ever parsed as markup.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Readonly<Record<string, string | number | boolean>>} attributes false leaves one out
 * @param {readonly Child[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export const element = (tag, attributes = {}, children = []) => {
	const made = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (value !== false) {
			made.setAttribute(name, value === true ? '' : String(value));
		}
	}

	made.append(...children.map((child) => (typeof child === 'number' ? String(child) : child)));
	return made;
};

/**
 * @param {string} title
 * @param {string} id
 * @param {readonly Child[]} children
 */
export const section = (title, id, children) =>
	element('section', {id, 'aria-labelledby': `${id}-title`}, [
		element('h2', {id: `${id}-title`}, [title]),
		...children,
	]);

/**
 * @param {string} caption
 * @param {readonly string[]} head
 * @param {ReadonlyArray<readonly Child[]>} rows the first cell of each is its header
 */
export const table = (caption, head, rows) =>
	element('div', {class: 'scrolls', tabindex: 0, role: 'group', 'aria-label': caption}, [
		element('table', {}, [
			element('caption', {}, [caption]),
			element('thead', {}, [
				element(
					'tr',
					{},
					head.map((title) => element('th', {scope: 'col'}, [title])),
				),
			]),
			element(
				'tbody',
				{},
				rows.map(([first = '', ...cells]) =>
					element('tr', {}, [
						element('th', {scope: 'row'}, [first]),
						...cells.map((cell) => element('td', {}, [cell])),
					]),
				),
			),
		]),
	]);

/**
 * A bar in a cell of a table: whoever cannot see it reads the cell beside it.
 * @param {number} start share of the whole
 * @param {number} length likewise
 */
export const bar = (start, length) => {
	const made = element('span', {class: 'bar', 'aria-hidden': 'true'});
	made.style.marginInlineStart = `${(Math.max(0, start) * 100).toFixed(2)}%`;
	made.style.inlineSize = `${(Math.max(0, length) * 100).toFixed(2)}%`;
	return made;
};

/**
 * The data blocks of a class, in the order of the page.
 * @param {string} name
 * @returns {readonly HTMLElement[]}
 */
export const blocks = (name) =>
	[...document.querySelectorAll(`script.${name}`)].map((block) => /** @type {HTMLElement} */ (block));

/**
 * What a data block holds; whoever asks knows what was written into it.
 * @template Value
 * @param {HTMLElement} block
 * @returns {Value}
 */
export const dataOf = (block) => {
	/** @type {unknown} */
	const value = JSON.parse(block.textContent);
	return /** @type {Value} */ (value);
};
