import {equal, isWholeGiB, scenario, sizeRule} from '../harness/index.ts';

export default scenario({
	id: 'import',
	title: 'The image can be imported',
	proves: ['import.archive'],
	// It is about the file alone; but nobody imports what does not come up, and packing takes its time.
	needsGuest: true,
	unhurried: true,
	async run({image, judge, selected, deadline}) {
		const {bytes} = image;
		const size = {
			side: 'host',
			what: 'size of the disk',
			expected: sizeRule,
			observed: `${bytes} bytes`,
			holds: isWholeGiB(bytes),
		} as const;
		// What is not going to be imported need not be packed.
		if (!size.holds || !selected('import.archive')) {
			judge('import.archive', [size]);
			return;
		}

		const [archive, sha256] = await Promise.all([image.archive(deadline), image.sha256()]);
		judge('import.archive', [
			size,
			equal('host', 'files in the archive', {expected: 'disk.raw', observed: archive.names.join(' ')}),
			equal('host', 'format of the tar', {expected: 'GNU', observed: archive.format}),
			equal('host', 'SHA-256 of what it unpacks to', {expected: sha256, observed: archive.sha256}),
		]);
	},
});
