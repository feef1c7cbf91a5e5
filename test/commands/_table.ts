import {createProgram} from '../../harness/commands/definitions.ts';
import {optionTable} from '../../harness/commands/option-table.ts';

/** The table of the real program. */
export const table = optionTable(createProgram('1.2.3', async () => undefined));
