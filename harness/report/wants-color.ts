/**
 * Whether a stream gets colours: a terminal that is not dumb, unless NO_COLOR is set to anything (no-color.org);
 * FORCE_COLOR, as Node and many tools know it, wins over all but NO_COLOR.
 */
export const wantsColor = (
	stream: {readonly isTTY?: boolean | undefined},
	env: Readonly<Record<string, string | undefined>>,
): boolean => {
	if ((env['NO_COLOR'] ?? '') !== '') {
		return false;
	}

	const forced = env['FORCE_COLOR'];
	return forced === undefined ? stream.isTTY === true && env['TERM'] !== 'dumb' : forced !== '0' && forced !== 'false';
};
