/** @typedef {{readonly run: number, readonly target: string}} Place */

/** The run that is shown, from 0 on; a link into the first needs no number. */
let runOfLinks = 0;

/** @param {number} run */
export const linksAreOf = (run) => {
	runOfLinks = run;
};

/**
 * `#row-hw.net.tso4`, `#console-ttyS0-L123`; of the second run `#run-2/row-hw.net.tso4`.
 * @param {string} target
 * @param {number} run
 */
export const linkTo = (target, run = runOfLinks) =>
	`#${run === 0 ? '' : `run-${run + 1}/`}${encodeURIComponent(target)}`;

/**
 * @param {string} hash
 * @returns {Place}
 */
export const placeOf = (hash) => {
	const {number = '1', target = ''} = /^#?(?:run-(?<number>\d+)\/)?(?<target>.*)$/su.exec(hash)?.groups ?? {};
	return {run: Number(number) - 1, target: decoded(target)};
};

/** @param {string} text */
const decoded = (text) => {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
};

/**
 * Brings an element into view, opened, and the keyboard to it.
 * @param {HTMLElement} target
 */
export const bringTo = (target) => {
	if (target instanceof HTMLDetailsElement) {
		target.open = true;
		target.querySelector('summary')?.focus({preventScroll: true});
	} else {
		target.setAttribute('tabindex', '-1');
		target.focus({preventScroll: true});
	}

	target.scrollIntoView({block: 'start'});
};
