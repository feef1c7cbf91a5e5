import {type Stats} from 'node:fs';
import {lstat, readdir, readlink} from 'node:fs/promises';
import path from 'node:path';
import {HarnessBug} from '../../core/errors.ts';
import {inByteOrder} from './in-byte-order.ts';

export type XfsPrototype = {
	readonly text: string;
	/** What lacks its sticky bit afterwards, with the whole mode that it should have. */
	readonly sticky: ReadonlyArray<{readonly name: string; readonly mode: number}>;
};

/**
 * Describes a directory as mkfs.xfs wants it (mkfs.xfs(8), "protofile"): everything belongs to root but for what `owners` says.
 * @param owners lines `UID GID PATH`
 */
export const xfsPrototype = async (source: string, owners: string): Promise<XfsPrototype> => {
	const owner = new Map(owners.matchAll(/^(\d+ \d+) (.+)$/gm).map(([, ids = '', name = '']) => [name, ids]));
	const lines = ['/dev/null', '0 0'];
	const sticky: Array<{readonly name: string; readonly mode: number}> = [];
	const visit = async (name: string): Promise<void> => {
		const place = path.join(source, name);
		const found = await lstat(place);
		const [kind, content] = found.isDirectory()
			? ['d', '']
			: found.isSymbolicLink()
				? ['l', await readlink(place)]
				: ['-', place];
		const words = [path.basename(name), modeOf(kind, found), owner.get(name) ?? '0 0', content];
		if ([path.basename(name), content].some((word) => /\s/u.test(word))) {
			throw new HarnessBug(`A prototype of mkfs.xfs cannot name "${name}": there is a space in it`);
		}

		lines.push(words.filter((word) => word !== '').join(' '));
		if (!found.isDirectory()) {
			return;
		}

		if ((found.mode & stickyBit) !== 0) {
			sticky.push({name, mode: found.mode});
		}

		const entries = await readdir(place);
		for (const entry of entries.toSorted(inByteOrder)) {
			await visit(path.join(name, entry));
		}

		lines.push('$');
	};
	await visit('');
	return {text: `${lines.join('\n')}\n`, sticky};
};

const stickyBit = 0o1000;

/** Six characters: the kind, whose rights it takes when it runs, and the permissions. */
const modeOf = (kind: string, {mode}: Stats): string =>
	[
		kind,
		(mode & 0o4000) === 0 ? '-' : 'u',
		(mode & 0o2000) === 0 ? '-' : 'g',
		(mode & 0o777).toString(8).padStart(3, '0'),
	].join('');
