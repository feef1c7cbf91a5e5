/** A text as HTML, in an element as well as in an attribute. */
export const htmlText = (value: string): string =>
	value.replaceAll(/[&<>"']/gv, (character) => `&#${character.codePointAt(0) ?? 0};`);
