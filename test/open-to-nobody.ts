import path from 'node:path';

const project = path.resolve(import.meta.dirname, '..');

/**
 * A command that runs as nobody, who may not be able to go where the project is (root's home, a folder of mktemp): it is shown at another
 * place. Takes root.
 * @param command programs and files of the project by their paths there
 * @param options.before a script that runs as root in the same mount namespace, where /mnt is an empty file system of its own
 */
export const asNobody = (
	command: readonly string[],
	{before = ':'}: {readonly before?: string} = {},
): readonly [string, ...string[]] => {
	const shown = '/mnt/project';
	const script = `set -e
mount -t tmpfs -o mode=755 none /mnt; mkdir ${shown}; mount --bind "$1" ${shown}; shift
${before}
exec setpriv --reuid=65534 --regid=65534 --clear-groups -- "$@"`;
	const moved = command.map((word) =>
		word.startsWith(`${project}/`) ? path.join(shown, path.relative(project, word)) : word,
	);
	return ['unshare', '--mount', '--', 'sh', '-c', script, 'sh', project, ...moved];
};
