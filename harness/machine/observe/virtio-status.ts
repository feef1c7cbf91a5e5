import {z} from 'zod';
import {HostError} from '../../core/errors.ts';

/** What QEMU knows of one virtio device and its driver. */
export type VirtioStatus = {
	/** Names of the status bits that the driver has set, e.g. `VIRTIO_CONFIG_S_DRIVER_OK`. */
	readonly driverStatus: readonly string[];
	/** Names of the feature bits both sides agreed on, e.g. `VIRTIO_SCSI_F_HOTPLUG`. */
	readonly negotiated: readonly string[];
	/** Virtqueues of the device, as many as the guest was offered. */
	readonly virtqueues: number;
};

const list = z.array(z.object({name: z.string(), path: z.string()}));

const status = z.object({
	'num-vqs': z.int(),
	status: z.object({statuses: z.array(z.string()).default([])}),
	'guest-features': z.object({
		transports: z.array(z.string()).default([]),
		'dev-features': z.array(z.string()).default([]),
	}),
});

/**
 * Asks QEMU for the first device that it calls `name`, e.g. `virtio-scsi`; undefined if there is none.
 * `x-query-virtio` came with QEMU 7.2; it is marked unstable, which is why everything read from it is validated.
 */
export const askVirtioStatus = async (
	qmp: (command: string, args?: Readonly<Record<string, unknown>>) => Promise<unknown>,
	name: string,
): Promise<VirtioStatus | undefined> => {
	const path = virtioPath(await qmp('x-query-virtio'), name);
	return path === undefined ? undefined : parseVirtioStatus(await qmp('x-query-virtio-status', {path}));
};

/** Path of the first device that QEMU calls `name` in an answer of `x-query-virtio`; undefined if there is none. */
export const virtioPath = (value: unknown, name: string): string | undefined => {
	const parsed = list.safeParse(value);
	if (!parsed.success) {
		throw new HostError(`QEMU's answer to x-query-virtio is not understood: ${z.prettifyError(parsed.error)}`);
	}

	return parsed.data.find((device) => device.name === name)?.path;
};

/**
 * Reads an answer of `x-query-virtio-status`. Every bit is `NAME: explanation`; the explanation changes between
 * versions of QEMU, so only what stands before the colon counts.
 */
export const parseVirtioStatus = (value: unknown): VirtioStatus => {
	const parsed = status.safeParse(value);
	if (!parsed.success) {
		throw new HostError(`QEMU's answer to x-query-virtio-status is not understood: ${z.prettifyError(parsed.error)}`);
	}

	const features = parsed.data['guest-features'];
	return {
		driverStatus: parsed.data.status.statuses.map(bitName),
		negotiated: [...features.transports, ...features['dev-features']].map(bitName),
		virtqueues: parsed.data['num-vqs'],
	};
};

const bitName = (bit: string): string => bit.split(':', 1)[0] ?? bit;
