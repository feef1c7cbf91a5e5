/** What somebody said in a line of a console. */
export type Message = {
	/** Without what printk puts in front of it. */
	readonly text: string;
	/** With it, as people know it. */
	readonly shown: string;
	/** The kernel stamped it with the time: nobody else said it. */
	readonly stamped: boolean;
};

/**
 * The messages in a line: what it begins with, and what the kernel says in the middle of it, because it does not wait until a
 * program has finished its own.
 */
export const messagesIn = (line: string): readonly Message[] => {
	const stamps = line.includes('[') ? line.matchAll(stamp).toArray() : [];
	const messages = stamps.map(({0: {length}, index}) => ({
		text: line.slice(index + length),
		shown: line.slice(index),
		stamped: true,
	}));
	return stamps[0]?.index === 0
		? messages
		: [{text: line.replace(level, ''), shown: line, stamped: false}, ...messages];
};

// Linux kernel/printk/printk.c, info_print_prefix: the level (with console_msg_format=syslog), seconds since the start, and
// the caller where CONFIG_PRINTK_CALLER is set.
const stamp = /(?:<\d{1,3}>)?\[ {0,11}\d{1,10}\.\d{6}\](?:\[ *[TC]\d{1,8}\])? /g;
const level = /^<\d{1,3}>/;
