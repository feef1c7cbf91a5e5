import {readPciConfig} from '../qemu/pci-config.ts';
import {type QmpClient} from '../qemu/qmp.ts';
import {type Machine} from './scenario.ts';

/**
 * Reads PCI configuration space of a running machine, by pausing it for as long: the guest uses the same two ports.
 * Calls queue behind each other, so that none resumes the machine while another reads.
 */
export const pausedPciConfig = (qmp: QmpClient): Machine['pciConfig'] => {
	let last: Promise<unknown> = Promise.resolve();
	return async (address) => {
		const read = last.then(async () => {
			await qmp.execute('stop');
			try {
				return await readPciConfig(qmp, address);
			} finally {
				await qmp.execute('cont');
			}
		});
		last = read.catch(() => undefined);
		return read;
	};
};
