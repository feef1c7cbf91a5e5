/**
 * Finds in `tar --list --verbose --numeric-owner` what does not belong to root.
 * @returns lines `UID GID PATH`, paths without a leading `./`
 */
export const foreignOwners = (listing: string): string =>
	listing
		.matchAll(member)
		.map(({groups = {}}) => groups)
		.filter(({user, group}) => user !== '0' || group !== '0')
		.map(({user, group, file, link}) => `${user} ${group} ${file ?? link}\n`)
		.toArray()
		.join('');

/** `-rw-r----- 0/42 501 2023-06-10 00:00 ./etc/shadow`; links go on with ` -> TARGET`, and what is no file, folder or link is not looked at. */
const member =
	/^[-dl]\S{9} +(?<user>\d+)\/(?<group>\d+) +\d+ +\S+ \S+ \.\/(?:(?<=^l.*)(?<link>.*?) -> .*|(?<file>.*))$/gm;
