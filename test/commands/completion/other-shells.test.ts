import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {dir} from 'tmp-promise';
import {fishCompletion} from '../../../harness/commands/completion/fish.ts';
import {loadLists} from '../../../harness/commands/completion/lists.ts';
import {zshCompletion} from '../../../harness/commands/completion/zsh.ts';
import {table} from '../_table.ts';

const lists = await loadLists();
const scripts = {zsh: zshCompletion(table, lists), fish: fishCompletion(table, lists)} as const;

for (const shell of ['zsh', 'fish'] as const) {
	test(`${shell} takes its script`, async (t) => {
		if ((await execa(shell, ['-c', 'true'], {reject: false})).exitCode !== 0) {
			t.log(`skipped: this host has no ${shell}`);
			t.pass();
			return;
		}

		const {path: directory, cleanup} = await dir({unsafeCleanup: true});
		t.teardown(async () => cleanup());
		const file = path.join(directory, 'script');
		await writeFile(file, scripts[shell]);
		const {stderr, exitCode} = await execa(shell, ['-n', file], {reject: false});
		t.deepEqual([stderr, exitCode], ['', 0]);
		if (shell === 'fish') {
			const complete = async (line: string): Promise<string> =>
				(await execa('fish', ['--no-config', '-c', `source ${file}; complete -C '${line}'`])).stdout;
			t.regex(await complete('bootwright test --acc'), /^--accel\t.*\n--access\t.*$/v);
			t.is(await complete('bootwright images build probe-'), 'probe-686-pae');
			t.is(await complete('bootwright test ref:debian-12-p'), 'ref:debian-12-plain');
		}
	});
}

test('descriptions are quoted as each shell wants it', (t) => {
	// An apostrophe ends a quoted word; in zsh a bracket ends the description.
	t.true(scripts.zsh.includes(String.raw`'*--network=[auto: the cloud'\''s network where this host allows it`));
	t.true(scripts.fish.includes(String.raw`-d 'auto: the cloud\'s network where this host allows it`));
	const [first, ...others] = table.commands;
	const hostile = {
		...table,
		commands: [{...first!, options: [{...first!.options[0]!, description: 'a [b] c'}]}, ...others],
	};
	t.true(zshCompletion(hostile, lists).includes(String.raw`'*--profile=[a \[b\] c]:name:`));
});

test('in zsh, what is offered from several lists takes no options of compadd', (t) => {
	t.true(
		scripts.zsh.includes(String.raw`'*:image: _alternative images\:images\:_bootwright_images files\:files\:_files'`),
	);
});
