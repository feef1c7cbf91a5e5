import test from 'ava';
import {HostError} from '../../harness/core/errors.ts';
import {hostFault} from '../../harness/machine/host-fault.ts';

const line =
	"[    0.248] Kernel panic - not syncing: IO-APIC + timer doesn't work!  Boot with apic=debug and send a report.";

test('a timer that did not tick on an emulated processor is the host’s fault', (t) => {
	const fault = hostFault({kind: 'panic', line}, {accelerator: 'tcg'});
	t.true(fault instanceof HostError);
	t.true(fault?.message.includes(line));
});

test('with KVM, or any other panic, it is the guest’s', (t) => {
	t.is(hostFault({kind: 'panic', line}, {accelerator: 'kvm'}), undefined);
	t.is(
		hostFault({kind: 'panic', line: 'Kernel panic - not syncing: Fatal exception'}, {accelerator: 'tcg'}),
		undefined,
	);
});
