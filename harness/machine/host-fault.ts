import {HostError} from '../core/errors.ts';
import {type ConsoleProblem} from '../core/events.ts';
import {type Accelerator} from '../qemu/accelerator.ts';

/**
 * A panic that is the host's doing. Linux counts ten timer ticks while it sets up the IO-APIC and panics when they do not come in
 * time (arch/x86/kernel/apic/io_apic.c, check_timer): on an emulated processor that a busy host does not let run. Seen once in some
 * hundred boots at six busy processes a core.
 */
export const hostFault = (
	{kind, line}: Pick<ConsoleProblem, 'kind' | 'line'>,
	{accelerator}: Pick<Accelerator, 'accelerator'>,
): HostError | undefined =>
	accelerator === 'tcg' && kind === 'panic' && line.includes("IO-APIC + timer doesn't work")
		? new HostError(
				`This host is too busy to emulate a processor in time: the guest's timer did not tick ("${line}")`,
				{
					hint: 'Run again when less goes on here, or where KVM is usable. Nothing was found out about the image.',
				},
			)
		: undefined;
