import {appendFile, chmod, copyFile, rename, rm, truncate, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {dir as temporaryDirectory} from 'tmp-promise';
import {HostError} from '../../harness/core/errors.ts';
import {type Candidate} from '../../harness/image/candidate.ts';
import {hashCandidate, verifyUntouched} from '../../harness/image/hash.ts';
import {inspectCandidate} from '../../harness/image/inspect.ts';

type Fresh = {readonly candidate: Candidate; readonly file: string; readonly sha256: string};

const withCandidate = async (work: (fresh: Fresh) => Promise<void>): Promise<void> => {
	const {path: directory, cleanup} = await temporaryDirectory({unsafeCleanup: true});
	try {
		const file = path.join(directory, 'image.raw');
		await writeFile(file, 'some bytes');
		await truncate(file, 3 * 1024 * 1024 + 512);
		const candidate = await inspectCandidate(file);
		await work({candidate, file, sha256: await hashCandidate(candidate)});
	} finally {
		await cleanup();
	}
};

test('the digest is that of sha256sum', async (t) => {
	await withCandidate(async ({file, sha256}) => {
		const {stdout} = await execa('sha256sum', [file]);
		t.is(stdout, `${sha256}  ${file}`);
	});
});

test('hashing stops when it is no longer wanted, and says why when it cannot', async (t) => {
	await withCandidate(async ({candidate, file}) => {
		await truncate(file, 64 * 1024 ** 3);
		const reason = new Error('enough');
		const own = new AbortController();
		const hashing = hashCandidate({path: file, bytes: 64 * 1024 ** 3}, own.signal);
		own.abort(reason);
		t.is(await t.throwsAsync(hashing), reason);
		t.is(await t.throwsAsync(hashCandidate(candidate, own.signal)), reason);
		await truncate(file, 512);
		await t.throwsAsync(hashCandidate(candidate), {
			instanceOf: HostError,
			message: `Cannot hash ${file}: 3146240 bytes expected, 512 read`,
		});
	});
});

test('a file that nobody wrote to is untouched, also by its bytes, also after chmod', async (t) => {
	await withCandidate(async ({candidate, file, sha256}) => {
		await verifyUntouched(candidate);
		await verifyUntouched(candidate, {paranoid: true, sha256});
		await chmod(file, 0o600);
		await verifyUntouched(candidate, {sha256});
		await t.throwsAsync(verifyUntouched(candidate), {
			message: /^.*image\.raw was written to by somebody else during the run: its inode changed at 2\d{3}-.*Z$/u,
		});
		t.pass();
	});
});

test('a file that somebody wrote to, replaced or removed is named, with what changed', async (t) => {
	const messages: string[] = [];
	const changes: ReadonlyArray<(fresh: Fresh) => Promise<void>> = [
		async ({file}) => appendFile(file, Buffer.alloc(512)),
		async ({file}) => writeFile(file, 'x', {flag: 'r+'}),
		async ({file}) => {
			await copyFile(file, `${file}.new`);
			await rename(`${file}.new`, file);
		},
		async ({file, candidate}) => {
			// Somebody who puts the times back: the change time gives it away, the bytes prove it.
			await writeFile(file, 'x', {flag: 'r+'});
			const {mtimeNs} = candidate.identity;
			await execa('touch', [
				'-d',
				`@${mtimeNs / 1_000_000_000n}.${String(mtimeNs % 1_000_000_000n).padStart(9, '0')}`,
				file,
			]);
		},
		async ({file}) => rm(file),
	];
	for (const change of changes) {
		await withCandidate(async (fresh) => {
			await change(fresh);
			const error = await t.throwsAsync(verifyUntouched(fresh.candidate, fresh), {instanceOf: HostError});
			messages.push(
				error.message
					.replace(fresh.file, 'IMAGE')
					.replaceAll(/\d{4}-\S+Z/gu, 'TIME')
					.replace(/'.*'/u, "'…'"),
			);
		});
	}

	const by = 'IMAGE was written to by somebody else during the run:';
	t.deepEqual(messages, [
		`${by} size 3146240 → 3146752 bytes, modified at TIME`,
		`${by} modified at TIME`,
		`${by} it is another file now, modified at TIME`,
		`${by} its inode changed at TIME`,
		"IMAGE went away during the run: ENOENT: no such file or directory, stat '…'",
	]);
});

test('paranoid sees bytes that changed behind the file system’s back', async (t) => {
	await withCandidate(async ({candidate, file}) => {
		await t.throwsAsync(verifyUntouched(candidate, {paranoid: true, sha256: 'f'.repeat(64)}), {
			message: `${file} was written to by somebody else during the run: its bytes differ`,
		});
	});
});
