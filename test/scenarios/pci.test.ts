import test from 'ava';
import {type OverrideOutcome} from '../../harness/machine/scenario.ts';
import pci from '../../scenarios/pci.ts';
import {fakeGuest} from '../machine/_fake-guest.ts';
import {recorded} from '../machine/observe/_recorded.ts';
import {fakeMachine, run} from './_run.ts';

const config = (revision: number): Buffer => {
	const bytes = Buffer.from(recorded('linux-6.1').get('/sys/bus/pci/devices/0000:00:01.0/config') ?? '');
	bytes[8] = revision;
	return bytes;
};

const revisions = async ({guest, host, refused}: {guest: number; host: number; refused: boolean}) => {
	const overrides: readonly OverrideOutcome[] = refused
		? [{id: 'pci.isaBridge', applied: false, reason: 'the host does not let the harness write the memory'}]
		: [];
	const machine = fakeMachine({
		overrides,
		pciConfig: async ({function: fn}) => (fn === 0 ? 0x06_01_00_00 + host : 0x06_80_00_03),
	});
	const dump = recorded('linux-6.1', {'00:01.0/config': config(guest)});
	const {rows} = await run(pci, {guest: fakeGuest({dump}), machine});
	t2(rows);
	return rows['hw.pci.isa-bridge'];
};

/** The other bridge never suffers. */
const t2 = (rows: Readonly<Record<string, {readonly verdict: string}>>): void => {
	if (rows['hw.pci.acpi-bridge']?.verdict !== 'pass') {
		throw new Error('hw.pci.acpi-bridge did not pass');
	}
};

test('both sides see the required revision', async (t) => {
	t.is((await revisions({guest: 3, host: 3, refused: false}))?.verdict, 'pass');
});

test('a revision that this host cannot show is no fault of the image', async (t) => {
	t.like(await revisions({guest: 0, host: 0, refused: true}), {
		verdict: 'skip',
		reason:
			'this host cannot show revision 03, guest and host both see 00: the host does not let the harness write the memory',
	});
});

test('everything else fails: no refusal, or sides that do not agree', async (t) => {
	t.is((await revisions({guest: 0, host: 0, refused: false}))?.verdict, 'fail');
	t.like(await revisions({guest: 0, host: 3, refused: true}), {
		verdict: 'fail',
		reason: 'revision in PCI config space is 00, required 03 (guest)',
	});
	t.is((await revisions({guest: 1, host: 0, refused: true}))?.verdict, 'fail');
});

test('a bus without sysfs is read from procfs; what does not belong there is noted', async (t) => {
	const proc = fakeGuest({dump: recorded('proc-pci')});
	const judged = await run(pci, {guest: proc});
	t.is(judged.rows['hw.pci.isa-bridge']?.verdict, 'pass');
	t.deepEqual(judged.notes, []);
	const ide = Buffer.from(config(0));
	ide.writeUInt16LE(0x71_11, 2);
	const dump = new Map([...recorded('linux-6.1'), ['/sys/bus/pci/devices/0000:00:01.1/config', ide] as const]);
	t.deepEqual((await run(pci, {guest: fakeGuest({dump})})).notes, [
		"On the PCI bus, but not on the real machine's: 00:01.1 8086:7111",
	]);
});
