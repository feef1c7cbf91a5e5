/**
 * Finds in `tar --list --verbose --numeric-owner` what does not belong to root.
 * @returns lines `UID GID PATH`, paths without a leading `./`
 */
export const foreignOwners = (listing: string): string =>
	listing
		.matchAll(member)
		.filter(([, user, group]) => user !== '0' || group !== '0')
		.map(([, user, group, path]) => `${user} ${group} ${path}\n`)
		.toArray()
		.join('');

/** `-rw-r----- 0/42 501 2023-06-10 00:00 ./etc/shadow`; devices have `5, 1` for a size, links go on with ` -> TARGET`. */
const member = /^[-dl]\S{9} +(\d+)\/(\d+) +\d+ +\S+ \S+ \.\/(.*?)(?: -> .*)?$/gm;
