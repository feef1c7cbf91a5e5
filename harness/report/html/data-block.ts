/**
 * A value as a data block: an element that a browser neither runs nor shows. No `<` is left in it, so that no text ends the block or
 * opens a comment in it (HTML Standard, 4.12.1.3 "Restrictions for contents of script elements").
 * @param attributes names and values of our own, never a guest's text
 */
export const dataBlock = (attributes: Readonly<Record<string, string | number>>, value: unknown): string => {
	const shown = Object.entries(attributes).map(([name, text]) => ` ${name}="${text}"`);
	return `<script type="application/json"${shown.join('')}>${jsonOf(value)}</script>\n`;
};

/** JSON escapes lone surrogates itself; U+2028 and U+2029 are printable escapes long before. */
const jsonOf = (value: unknown): string => JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
