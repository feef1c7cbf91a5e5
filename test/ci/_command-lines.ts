/**
 * The command lines of `bootwright` in a shell script, each as its words behind the program's name. A variable, an expression of GitHub's or
 * arithmetic becomes 1: a word or a number; an array of words goes.
 */
export const commandLines = (script: string): ReadonlyArray<readonly string[]> =>
	script
		.replaceAll(/\\\n\s*/g, ' ')
		.replaceAll(/"\$\{\w+\[@\]\}"/g, '')
		.replaceAll(/\$\{\{.*?\}\}|\$\(\(.*?\)\)|\$\{\w+\}|\$\w+/g, '1')
		.split('\n')
		.flatMap((line) => line.replace(/(?:^|\s)#.*$/, '').split(/\|\||&&|[|;]|\d?>+&?\S*/))
		.map((command) => words(command))
		.filter(([program = '']) => /(?:^|\/)bootwright(?:\.js)?$/.test(program))
		.map(([, ...rest]) => rest);

/** Words of one command from the program on, without what only starts it. */
const words = (command: string): readonly string[] => {
	const all = (command.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []).map((word) => word.replaceAll(/["']/g, ''));
	return all.slice(all.findIndex((word) => !['npx', 'node', 'exec'].includes(word)));
};
