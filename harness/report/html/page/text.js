/** Sign and word of a verdict: colour alone tells nothing to many. */
export const marks = Object.freeze({pass: '✔', warn: '⚠', fail: '✖', skip: '○', error: '‼'});

/** @param {number} ms */
export const seconds = (ms) => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;

/** @param {number} count */
export const grouped = (count) => count.toLocaleString('en').replaceAll(',', '\u00A0');

/**
 * What a terminal does not draw is shown as an escape; a tab stays (harness/report/printable.ts).
 * @param {string} text
 */
export const printable = (text) =>
	text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu, (character) => {
		const code = character.codePointAt(0) ?? 0;
		if (character === '\t') {
			return character;
		}

		return code < 0x1_00 ? String.raw`\x${code.toString(16).padStart(2, '0')}` : String.raw`\u{${code.toString(16)}}`;
	});

/**
 * A console's text without what moves a terminal's cursor or changes its colours (ECMA-48, 5.4 and 8.3): control sequences, control
 * strings, other escapes.
 * @param {string} text
 */
export const withoutEscapes = (text) =>
	// eslint-disable-next-line no-control-regex -- they are what is looked for
	text.replaceAll(/\u001B(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001B\n]*(?:\u0007|\u001B\\)|[ -/]*[0-~])/g, '');
