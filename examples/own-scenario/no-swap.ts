import {equal, scenario} from '../../harness/index.ts';

/** Swap on a persistent disk is slow, and is billed as I/O: the image must not set any up. */
export default scenario({
	id: 'no-swap',
	title: 'Nothing swaps to a persistent disk',
	proves: ['custom.no-swap'],
	needsGuest: true,
	async run({guest, judge}) {
		// The first line is a heading; a kernel without swap has no such file.
		const {text} = await guest.run(`grep -c '^/' /proc/swaps || true`);
		judge('custom.no-swap', [equal('guest', 'swap areas in use', {expected: 0, observed: Number(text)})]);
	},
});
