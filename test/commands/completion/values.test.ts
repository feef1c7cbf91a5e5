import test from 'ava';
import {loadLists} from '../../../harness/commands/completion/lists.ts';
import {type Values, listNames, valuesOfArgument, valuesOfOption} from '../../../harness/commands/completion/values.ts';
import {type CommandRow} from '../../../harness/commands/option-table.ts';
import {table} from '../_table.ts';

test('every place of the command line says what can stand there', (t) => {
	for (const command of table.commands) {
		t.notThrows(() => valuesOfArgument(command, table), command.name);
		for (const option of command.options) {
			t.notThrows(() => valuesOfOption(command, option), `${command.name} ${option.flags.join(' ')}`);
		}
	}
});

test('a new placeholder is not forgotten', (t) => {
	const [command] = table.commands;
	const option = {flags: ['--tree'], value: 'tree', choices: [], preset: undefined} as const;
	t.throws(() => valuesOfOption(command!, {...option, description: ''}), {
		message: 'Nobody said what can stand for <tree> of "test --tree" (completion/values.ts)',
	});
});

const named = (name: string): CommandRow => table.commands.find((command) => command.name === name)!;
const taken = (name: string, flag: string): Values | undefined => {
	const command = named(name);
	return valuesOfOption(
		command,
		command.options.find(({flags}) => flags.includes(flag))!,
	);
};

test('choices, ids, files, and nothing', (t) => {
	t.deepEqual(taken('console', '--accel'), {words: ['auto', 'kvm', 'tcg'], lists: [], paths: 'none'});
	t.deepEqual(taken('test', '--only'), {words: [], lists: ['requirements', 'scenarios'], paths: 'none'});
	t.deepEqual(taken('mutants', '--only'), {words: [], lists: ['mutants'], paths: 'none'});
	t.deepEqual(taken('pack', '-o'), {words: [], lists: [], paths: 'files'});
	t.is(taken('test', '--strict'), undefined);
	t.deepEqual(valuesOfArgument(named('images'), table).words, ['build', 'kernels']);
	t.deepEqual(valuesOfArgument(named('test'), table), {words: [], lists: ['images'], paths: 'files'});
});

test('what is hidden is not offered', (t) => {
	t.false(table.commands.some(({name}) => name === 'start-machine'));
});

test('ids need no quoting in any shell', async (t) => {
	const lists = await loadLists();
	t.deepEqual(Object.keys(lists), [...listNames]);
	for (const id of Object.values(lists).flat()) {
		t.regex(id, /^[\w.:\/\-]+$/v);
	}
});
