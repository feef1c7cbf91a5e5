import {type Accelerator} from './accelerator.ts';

/** Why this accelerator, and what would bring a better one: one line for reports. */
export const reasonAndCure = ({reason, cure}: Accelerator): string =>
	cure === undefined ? reason : `${reason}. ${cure}`;
