import {type ConsolePort} from '../console/port.ts';
import {abortable} from '../core/abortable.ts';
import {Deadline} from '../core/deadline.ts';
import {HostError} from '../core/errors.ts';
import {QmpError} from '../qemu/qmp-messages.ts';
import {QemuEnded} from '../qemu/qemu-exit.ts';
import {type QemuProcess} from '../qemu/start-qemu.ts';
import {type GuestWatch} from './watch.ts';

/** QEMU closes its sockets one by one as it ends; what it was about is known when it is gone. */
const goneMs = 3000;

export type MachineEnd = Disposable & {
	readonly ended: AbortSignal;
	/** Ends the run for something that is the host's fault, whatever the guest says of it. */
	readonly blameHost: (error: HostError) => void;
	readonly explain: (error: unknown) => Promise<unknown>;
};

/** Finds out why a machine ended that the harness did not end: the guest switched it off, or QEMU broke. */
export const machineEnd = ({
	process,
	watch,
	ports,
}: {
	readonly process: QemuProcess;
	readonly watch: GuestWatch;
	readonly ports: readonly ConsolePort[];
}): MachineEnd => {
	const broken = new AbortController();
	let ours = false;
	const shutdown = process.qmp.on('SHUTDOWN', ({data}) => {
		// `guest-shutdown`, `guest-panic` …; a reset is an event of its own (qapi/run-state.json, ShutdownCause).
		if (data['guest'] === true) {
			watch.sawPowerOff();
		}
	});
	// Its disks are files of this host. With no room left QEMU stops the machine, which looks like a hang (qapi/block-core.json, werror=enospc).
	const failed = process.qmp.on('BLOCK_IO_ERROR', ({data}) => {
		broken.abort(
			new HostError(
				`The host failed to ${String(data['operation'])} what is behind a disk of the guest: ${String(data['reason'])}`,
				{
					hint: 'What a guest writes lies below $TMPDIR, and in the cache (XDG_CACHE_HOME) while a machine boots to be kept.',
				},
			),
		);
	});
	const gone = process.exited.then(async (exit) => {
		// What the guest wrote last must be read before anybody is told: it may be a panic, which says more than the end.
		await Promise.all(ports.map(async ({closed}) => closed.catch(() => undefined)));
		if (!ours && !watch.dead.aborted) {
			broken.abort(
				new QemuEnded(
					'by itself',
					exit,
					'If something on this host killed it (out of memory, a limit), its log says so: journalctl -k, dmesg.',
				),
			);
		}
	});
	const ended = AbortSignal.any([watch.dead, broken.signal]);
	return {
		ended,
		blameHost: (error) => broken.abort(error),
		async explain(error) {
			if (!(error instanceof HostError) || error instanceof QmpError) {
				return error;
			}

			using deadline = new Deadline({phase: 'qemu-end', budgetMs: goneMs});
			await abortable(gone, deadline.signal).catch(() => undefined);
			return ended.aborted ? (ended.reason as unknown) : error;
		},
		[Symbol.dispose]() {
			ours = true;
			shutdown[Symbol.dispose]();
			failed[Symbol.dispose]();
		},
	};
};
