import {wrap, type Layout} from '../../report/layout.ts';

/** One thing that can be explained, as a person reads it, and as `--json` shows it. */
export type Subject = {
	readonly id: string;
	/** Another word for it. */
	readonly alias?: string;
	readonly title: string;
	/** What kind of thing it is, under the title. */
	readonly heading: string;
	readonly entries: readonly Entry[];
	readonly json: unknown;
};

/** A name of at most nine characters, and what there is to say; nothing where there is not. */
export type Entry = readonly [name: string, text: string | undefined];

/** What only has a title and entries: `--json` shows these. */
export const plainSubject = (subject: Omit<Subject, 'json'> & {readonly kind: string}): Subject => {
	const {kind, id, title, entries} = subject;
	return {...subject, json: {kind, id, title, ...Object.fromEntries(entries)}};
};

/** The text for a person, without a line break at its end. */
export const renderSubject = ({id, title, heading, entries}: Subject, layout: Layout): string =>
	[
		wrap(`${layout.paint('bold', id)} · ${title}`, layout, {first: '', rest: '  '}),
		layout.paint('dim', heading),
		'',
		...entries.map(([name, text]) =>
			text === undefined
				? []
				: wrap(text, layout, {first: `${layout.paint('cyan', name.padEnd(9))} `, rest: ' '.repeat(10)}),
		),
	]
		.flat()
		.join('\n');
