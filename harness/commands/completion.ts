import type {CommandContext} from './command.ts';
import {bashCompletion} from './completion/bash.ts';
import {fishCompletion} from './completion/fish.ts';
import {loadLists} from './completion/lists.ts';
import {zshCompletion} from './completion/zsh.ts';
import type {OptionTable} from './option-table.ts';
import type {shells} from './shared-options.ts';

/**
 * `bootwright completion SHELL`: a script that completes commands, options, their values, and ids. The ids are written into it: asking the
 * program for them would start Node at every press of the key. They are a contract, so that an older script lacks the newest ones at most.
 */
export const run = async (
	{stdout}: CommandContext,
	_options: unknown,
	...[shell, table]: readonly [shell: (typeof shells)[number], table: OptionTable]
): Promise<number> => {
	stdout.write(writers[shell](table, await loadLists()));
	return 0;
};

const writers = {bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion} as const;
