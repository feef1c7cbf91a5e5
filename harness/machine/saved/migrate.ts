import {type Deadline} from '../../core/deadline.ts';
import {HostError} from '../../core/errors.ts';
import {type QmpClient} from '../../qemu/qmp.ts';

type Qmp = Pick<QmpClient, 'execute' | 'waitFor'>;

/**
 * Writes the state of a machine to a file: devices and firmware, not the memory, which lies in its own file already
 * (qapi/migration.json, `x-ignore-shared`). The machine is stopped by it; `cont` lets it go on.
 * @throws HostError with QEMU's reason
 */
export const saveState = async (qmp: Qmp, file: string, deadline: Deadline): Promise<void> => {
	await qmp.execute('stop', undefined, deadline);
	await prepare(qmp, deadline);
	await qmp.execute('migrate', {uri: `file:${file}`}, deadline);
	await completed(qmp, deadline, 'saved');
};

/**
 * Loads it into a machine that waits for it (`-incoming defer`), and leaves that one stopped.
 * @throws HostError with QEMU's reason
 */
export const loadState = async (qmp: Qmp, file: string, deadline: Deadline): Promise<void> => {
	await prepare(qmp, deadline);
	await qmp.execute('migrate-set-parameters', announceNothing, deadline);
	await qmp.execute('migrate-incoming', {uri: `file:${file}`}, deadline);
	await completed(qmp, deadline, 'loaded');
};

/**
 * Nobody is told where the machine is now. The guest itself is not asked to (`guest_announce`): with that, no rounds at all would end
 * QEMU 10.0 when the guest resets its adapter (hw/net/virtio-net.c: virtio_net_post_load_device frees the timer that virtio_net_reset stops).
 */
const announceNothing = {'announce-rounds': 0};

const prepare = async (qmp: Qmp, deadline: Deadline): Promise<void> => {
	const capabilities = ['events', 'x-ignore-shared'].map((capability) => ({capability, state: true}));
	await qmp.execute('migrate-set-capabilities', {capabilities}, deadline);
};

const completed = async (qmp: Qmp, deadline: Deadline, done: 'saved' | 'loaded'): Promise<void> => {
	const {data} = await qmp.waitFor('MIGRATION', deadline, ({data}) =>
		['completed', 'failed', 'cancelled'].includes(String(data['status'])),
	);
	if (data['status'] !== 'completed') {
		const answer = await qmp.execute('query-migrate', undefined, deadline);
		const why = typeof answer === 'object' && answer !== null && 'error-desc' in answer ? answer['error-desc'] : '';
		throw new HostError(`The machine could not be ${done} (${String(data['status'])}): ${String(why)}`);
	}
};
