import {type Deadline} from '../core/deadline.ts';
import {DeadlineError} from '../core/errors.ts';
import {monotonicMs} from '../core/clock.ts';
import {extraDiskProperties} from '../profile/arguments/disks.ts';
import {type QemuRun} from '../profile/run.ts';
import {type Profile} from '../profile/schema.ts';
import {type QmpClient} from '../qemu/qmp.ts';

export type PlugDisk = {
	/** Device id and node name: lower case, no longer than 20 characters, not in use. */
	readonly id: string;
	/** A raw file; opened read-only. */
	readonly path: string;
};

/** A disk on the SCSI adapter that was not there when the machine started. */
export type PluggedDisk = AsyncDisposable & {
	/** SCSI target; the LUN is 0. */
	readonly target: number;
	/** Takes it away again. @returns when, after the request, QEMU's event told that the device is gone */
	readonly unplug: (deadline: Deadline) => Promise<Removal>;
};

/** Milliseconds from `device_del` to the event DEVICE_DELETED; undefined when it did not come in time. */
export type Removal = {readonly deletedMs: number | undefined};

/**
 * Plugs disks into a running machine (qapi/block-core.json `blockdev-add`, qapi/qdev.json `device_add`). The disk is like the
 * machine's own but for its target. QEMU tells the guest by an event of the adapter, and removes the device at once when asked to:
 * DEVICE_DELETED says nothing of the guest (hw/scsi/virtio-scsi.c, virtio_scsi_hotunplug).
 */
export const diskPlugger =
	(qmp: QmpClient, machine: Machine) =>
	async ({id, path}: PlugDisk): Promise<PluggedDisk> => {
		await qmp.execute('blockdev-add', {
			driver: 'raw',
			'node-name': id,
			'read-only': true,
			file: {driver: 'file', filename: path, 'read-only': true, 'auto-read-only': false},
		});
		const target = freeTarget(machine);
		try {
			await qmp.execute('device_add', {driver: 'scsi-hd', ...extraDiskProperties(machine.profile, id, target)});
		} catch (error) {
			await qmp.execute('blockdev-del', {'node-name': id});
			throw error;
		}

		let removal: Promise<Removal> | undefined;
		const unplug = async (deadline: Deadline): Promise<Removal> => remove(qmp, id, deadline);
		return {
			target,
			unplug: async (deadline) => (removal ??= unplug(deadline)),
			async [Symbol.asyncDispose]() {
				// After an error on the way; a machine that ended has no disks.
				if (removal === undefined) {
					await qmp.execute('device_del', {id}).catch(() => undefined);
				}
			},
		};
	};

type Machine = {readonly profile: Profile; readonly run: QemuRun};

/** Far from those that profiles use, so that a person sees in a log which disk it was. */
const firstTarget = 8;

/** A target where the machine has no disk. */
export const freeTarget = ({profile, run}: Machine): number => {
	const taken = new Set([
		profile.disk.scsiId,
		...Object.values(profile.extraDisks).map(({scsiId}) => scsiId),
		...(run.extraDisks ?? []).map(({scsiId}) => scsiId),
	]);
	let target = firstTarget;
	while (taken.has(target)) {
		target++;
	}

	return target;
};

/** How long QEMU may take for what it does at once. */
const deletedMs = 5000;

const remove = async (qmp: QmpClient, id: string, deadline: Deadline): Promise<Removal> => {
	const startedAt = monotonicMs();
	await qmp.execute('device_del', {id}, deadline);
	using own = deadline.within('DEVICE_DELETED', deletedMs);
	try {
		const {at} = await qmp.waitFor('DEVICE_DELETED', own, ({data}) => data['device'] === id);
		await qmp.execute('blockdev-del', {'node-name': id}, deadline);
		return {deletedMs: at - startedAt};
	} catch (error) {
		if (error instanceof DeadlineError && error.phase === own.phase) {
			return {deletedMs: undefined};
		}

		throw error;
	}
};
