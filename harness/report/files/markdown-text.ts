/** Whatever has a meaning in Markdown or HTML has none; every ASCII punctuation character may be escaped (CommonMark 0.31, 2.4). */
export const markdownText = (value: string): string =>
	value
		.replaceAll(/[\\`*_{}[\]()#+!~@]/gu, String.raw`\$&`)
		.replaceAll(/[<>&|]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`);
