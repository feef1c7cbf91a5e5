import type {CommandContext} from './command.ts';
import {manualPage} from './man/page.ts';
import type {OptionTable} from './option-table.ts';

/** `bootwright man`: the manual page, to be read with `man -l -` or kept as bootwright.1. */
// Every command's answer comes later; this one has nothing to wait for.
// eslint-disable-next-line @typescript-eslint/require-await
export const run = async ({stdout}: CommandContext, _options: unknown, table: OptionTable): Promise<number> => {
	stdout.write(manualPage(table));
	return 0;
};
