import test from 'ava';
import {UsageError} from '../../harness/core/errors.ts';
import {chooseCells} from '../../harness/matrix/choose-cells.ts';
import {cellsIn} from './_matrix.ts';

const cells = cellsIn(`
images:
  - {image: ref:a, tags: [slow, kernel]}
  - {image: ref:b, tags: [slow]}
  - {image: ref:c, tags: [uefi]}
  - ref:d
`);
const chosen = (cell: readonly string[], tag: readonly string[]): string =>
	chooseCells(cells, {cell, tag})
		.map(({id}) => id.slice(0, 1))
		.join('');

test('any of the patterns, and any of the tags', (t) => {
	t.is(chosen([], []), 'abcd');
	t.is(chosen(['d.*', 'a.*'], []), 'ad');
	t.is(chosen([], ['slow']), 'ab');
	t.is(chosen([], ['uefi', 'kernel']), 'ac');
	t.is(chosen(['b.*', 'c.*'], ['slow']), 'b');
});

test('what chooses nothing is refused', (t) => {
	const refused = (cell: readonly string[], tag: readonly string[]) =>
		t.throws(() => chosen(cell, tag), {instanceOf: UsageError});
	t.is(refused(['x*'], ['slow']).message, '--cell x* matches no cell');
	t.like(refused([], ['slow', 'kernle']), {
		message: '--tag kernle: no cell has this tag. Did you mean "kernel"?',
		hint: 'There are: slow, kernel, uefi',
	});
	// A word, and no pattern.
	t.is(refused([], ['sl*']).message, '--tag sl*: no cell has this tag. Did you mean "slow"?');
	t.is(refused(['d.*'], ['slow']).message, 'No cell that --cell matches has a tag of --tag');
	t.like(
		t.throws(() => chooseCells(cellsIn('images: [ref:a]'), {cell: [], tag: ['x']})),
		{hint: 'An image has "tags" in the file (docs/matrix.md).'},
	);
});
