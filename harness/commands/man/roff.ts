/**
 * Text for man(7) as it is: nothing in it is taken for a request or an escape, and a hyphen stays one that can be copied.
 * Everything beyond ASCII becomes an escape, as what reads the page may not know its encoding (groff_char(7)).
 */
export const escapeRoff = (text: string): string =>
	text
		.replaceAll(/[\\\-'`^~"]/gv, (character) => escapes[character] ?? character)
		.replaceAll(
			/\P{ASCII}/gv,
			(character) => String.raw`\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
		)
		// A line that begins with one of these is a request; `\&` prints nothing. The apostrophe is an escape by now.
		.replaceAll(/^(?=\.)/gmv, String.raw`\&`);

const escapes: Readonly<Record<string, string>> = {
	'\\': String.raw`\(rs`,
	'-': String.raw`\-`,
	"'": String.raw`\(aq`,
	'`': String.raw`\(ga`,
	'^': String.raw`\(ha`,
	'~': String.raw`\(ti`,
	'"': String.raw`\(dq`,
};

/** A word in the font of what is typed as it stands; the other one is for what a person puts in its place. */
export const bold = (text: string): string => String.raw`\fB${escapeRoff(text)}\fR`;
export const italic = (text: string): string => String.raw`\fI${escapeRoff(text)}\fR`;

/** A heading, its words as one argument. */
export const section = (title: string): string => `.SH "${escapeRoff(title)}"`;
export const subsection = (title: string): string => `.SS "${escapeRoff(title)}"`;

/** A tag that is roff already, and the text beside it. */
export const tagged = (tag: string, text: string): string => `.TP\n${tag}\n${escapeRoff(text)}`;

/** Lines as they are, indented. */
export const example = (lines: string): string => `.PP\n.RS 4\n.nf\n${escapeRoff(lines)}\n.fi\n.RE`;
