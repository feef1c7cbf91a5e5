import {memoryUnchanged} from '../../machine/saved/memory-check.ts';
import {checkOf, memoryOf} from '../../machine/saved/saved-machine.ts';
import {filesMatch} from './entry-digests.ts';

/** Whether a saved machine is what was saved. Never rejects. */
export const isUnchanged = async (directory: string, qemuImg: string): Promise<boolean> => {
	try {
		const [files, memory] = await Promise.all([
			filesMatch(directory),
			memoryUnchanged(memoryOf(directory), checkOf(directory), qemuImg),
		]);
		return files && memory;
	} catch {
		return false;
	}
};
