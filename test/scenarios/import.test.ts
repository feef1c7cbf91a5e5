import test from 'ava';
import {type ImageUnderTest} from '../../harness/machine/scenario.ts';
import {type Guest} from '../../harness/machine/guest.ts';
import importScenario from '../../scenarios/import.ts';
import {fakeImage, run} from './_run.ts';

// It asks the guest nothing.
const guest = {within: () => guest} as unknown as Guest;
const right = await fakeImage.archive(undefined as never);

const verdictOf = async (image: Partial<ImageUnderTest>): Promise<string> => {
	const {rows} = await run(importScenario, {guest, image: {...fakeImage, ...image}});
	const row = rows['import.archive'];
	return `${row?.verdict ?? 'absent'}: ${row?.reason ?? ''}`;
};

test('an image that can be imported', async (t) => {
	t.regex(await verdictOf({}), /^pass: /);
});

for (const [how, archive, expected] of [
	['another name', {names: ['image.raw']}, 'fail: files in the archive is image.raw, required disk.raw (host)'],
	[
		'two files',
		{names: ['disk.raw', 'readme']},
		'fail: files in the archive is disk.raw readme, required disk.raw (host)',
	],
	['another format', {format: 'POSIX'}, 'fail: format of the tar is POSIX, required GNU (host)'],
	[
		'other bytes',
		{sha256: 'cd'.repeat(32)},
		/^fail: SHA-256 of what it unpacks to is (?:cd){32}, required (?:ab){32} \(host\)$/,
	],
] as const) {
	test(`an archive with ${how}`, async (t) => {
		const verdict = await verdictOf({archive: async () => ({...right, ...archive})});
		t.regex(
			verdict,
			typeof expected === 'string' ? new RegExp(`^${expected.replaceAll(/[().]/g, String.raw`\$&`)}$`) : expected,
		);
	});
}

test('a size that the import refuses is told without packing anything', async (t) => {
	const archive = async () => {
		throw new Error('nobody asked for it');
	};

	t.is(
		await verdictOf({bytes: 1024 ** 3 + 512, archive}),
		'fail: size of the disk is 1073742336 bytes, required a whole number of GiB (host)',
	);
});
