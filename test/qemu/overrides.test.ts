import {open} from 'node:fs/promises';
import test from 'ava';
import {HarnessBug, HostError} from '../../harness/core/errors.ts';
import {type KnownPlaces, applyOverrides} from '../../harness/qemu/overrides.ts';
import {parseSlot, readPciHeader} from '../../harness/qemu/pci-config.ts';
import {type ProcessMemory, openProcessMemory} from '../../harness/qemu/process-memory.ts';
import {stoppedMachine} from './_stopped.ts';

const byBus = 'written into the stopped machine and read back through its PCI bus';

test('what QEMU has no argument for is written and read back', async (t) => {
	const {process, profile} = await stoppedMachine(t);
	t.deepEqual(await applyOverrides(process, profile), [
		{id: 'pci.isaBridge', what: 'revision 00 → 03', status: 'applied', reason: byBus},
		{id: 'pci.ide', what: '00:01.1 hidden', status: 'applied', reason: byBus},
		{id: 'pci.scsi', what: 'class 010000 → 000000', status: 'applied', reason: byBus},
		{
			id: 'smbios.version',
			what: 'SMBIOS 2.8 → 2.4',
			status: 'applied',
			reason: 'written into the stopped machine and read back',
		},
	]);
	const header = await readPciHeader(process.qmp, parseSlot('00:01.0'));
	t.is(header.toString('hex', 0, 16), '86801071000000020300010600008000');
	t.is((await readPciHeader(process.qmp, parseSlot('00:01.1'))).readUInt32LE(0), 0xff_ff_ff_ff);
	const {qmp} = process;
	await qmp.execute('system_reset');
	t.is((await readPciHeader(qmp, parseSlot('00:01.0'))).readUInt8(8), 3);
});

test('what is applied already needs nothing more', async (t) => {
	const {process, profile} = await stoppedMachine(t);
	await applyOverrides(process, profile);
	const again = await applyOverrides(process, profile);
	t.deepEqual(
		again.map(({id, status, reason}) => ({id, status, reason})),
		[
			{id: 'pci.ide', status: 'unneeded', reason: 'QEMU has nothing there'},
			{id: 'smbios.version', status: 'unneeded', reason: 'QEMU says so by itself'},
		],
	);
});

test('any row of the bus can be wrong on purpose', async (t) => {
	const {process, profile} = await stoppedMachine(t, {
		overrides: {
			machine: {southBridge: 'piix3'},
			pci: {acpiBridge: {revision: 2, class: 0x06_01_00}, ide: null, network: {revision: 0x7f}},
			smbios: {version: '2.7'},
		},
	});
	const results = await applyOverrides(process, profile);
	t.deepEqual(
		results.map(({id, what, status}) => `${id}: ${what}: ${status}`),
		[
			'pci.isaBridge: revision 00 → 03: applied',
			'pci.acpiBridge: revision 03 → 02, class 068000 → 060100: applied',
			'pci.scsi: class 010000 → 000000: applied',
			'pci.network: revision 00 → 7f: applied',
			'smbios.version: SMBIOS 2.8 → 2.7: applied',
		],
	);
	const isa = await readPciHeader(process.qmp, parseSlot('00:01.0'));
	t.is(isa.readUInt16LE(2), 0x70_00);
});

test('a function that QEMU does not have is said to be missing', async (t) => {
	const {process, profile} = await stoppedMachine(t, {
		overrides: {pci: {isaBridge: {slot: '00:07.0'}, ide: {slot: '00:07.1'}}},
	});
	const results = await applyOverrides(process, profile);
	t.deepEqual(results.slice(0, 2), [
		{
			id: 'pci.isaBridge',
			what: 'revision ff → 03, class ffffff → 060100',
			status: 'not-found',
			reason: 'QEMU has nothing at 00:07.0',
		},
		{id: 'pci.ide', what: '00:07.1 hidden', status: 'unneeded', reason: 'QEMU has nothing there'},
	]);
});

test('a host that does not permit it is named in every result', async (t) => {
	const {process, profile} = await stoppedMachine(t);
	const results = await applyOverrides(process, profile, {
		openMemory: async () => {
			// What Yama answers with ptrace_scope 2 or 3.
			await open('/proc/sys/kernel/osrelease', 'r+');
			throw new Error('unreachable');
		},
	});
	const reason =
		"the host does not let the harness write the memory of its own QEMU: EACCES: permission denied, open '/proc/sys/kernel/osrelease'";
	t.deepEqual(results, [
		{id: 'pci.isaBridge', what: 'revision 00 → 03', status: 'refused', reason},
		{id: 'pci.ide', what: '00:01.1 hidden', status: 'refused', reason},
		{id: 'pci.scsi', what: 'class 010000 → 000000', status: 'refused', reason},
		{id: 'smbios.version', what: 'SMBIOS 2.4', status: 'refused', reason},
	]);
	t.is((await readPciHeader(process.qmp, parseSlot('00:01.0'))).readUInt8(8), 0);
});

/** QEMU's memory with other finds than the real ones. */
const withFinds =
	(change: (found: readonly number[]) => readonly number[], log: string[] = []) =>
	async (pid: number): Promise<ProcessMemory> => {
		const memory = await openProcessMemory(pid);
		return {
			...memory,
			find: async (patterns) => (await memory.find(patterns)).map((found) => change(found)),
			write: async (address, bytes) => {
				log.push(`${address} ${Buffer.from(bytes).toString('hex')}`);
				await memory.write(address, bytes);
			},
		};
	};

test('a look-alike is put back, and the search goes on', async (t) => {
	const {process, profile} = await stoppedMachine(t);
	const log: string[] = [];
	// Whatever holds the anchor of SMBIOS, it is not the header of a PCI function.
	await using memory = await openProcessMemory(process.pid);
	const [anchors = []] = await memory.find([Buffer.from('_SM_')]);
	const elsewhere = anchors.at(-1)!;
	const before = memory.read(elsewhere, 12);
	const [isa] = await applyOverrides(process, profile, {openMemory: withFinds((found) => [elsewhere, ...found], log)});
	t.is(isa?.status, 'applied');
	t.deepEqual(
		log.filter((line) => line.startsWith(`${elsewhere} `)).map((line) => line.split(' ')[1]),
		[
			'868010710000000203000106',
			'868010710000000200000106',
			'ffffffff0000800200800101',
			'868011710000800200800101',
			'f41a04100000100000000000',
			'f41a04100000100000000001',
		],
	);
	await memory.write(elsewhere, before);
});

test('what is known of one machine spares another the search', async (t) => {
	const one = await stoppedMachine(t);
	const known: KnownPlaces = {};
	const first = await applyOverrides(one.process, one.profile, {known});
	t.is(known.heads?.length, Object.keys(one.profile.pci).length);

	const other = await stoppedMachine(t);
	const searches: string[] = [];
	const openMemory = async (pid: number): Promise<ProcessMemory> => {
		const memory = await openProcessMemory(pid);
		const find: ProcessMemory['find'] = async (patterns) => {
			searches.push('everywhere');
			return memory.find(patterns);
		};
		return {...memory, find};
	};
	// How far things move from one start to the next differs with what else the host does: here they are found for sure.
	const nearby = async (pid: number): Promise<ProcessMemory> => {
		const memory = await openProcessMemory(pid);
		const findNear: ProcessMemory['findNear'] = async (patterns, places) => {
			searches.push('near');
			t.deepEqual(places, known.places ?? []);
			return memory.find(patterns);
		};
		return {...memory, findNear};
	};
	t.deepEqual(await applyOverrides(other.process, other.profile, {known, openMemory: nearby}), first);
	t.deepEqual(searches.splice(0), ['near']);
	t.is((await readPciHeader(other.process.qmp, parseSlot('00:01.0'))).readUInt8(8), 3);

	// Known wrongly: as if nothing were known.
	const third = await stoppedMachine(t);
	const wrong = {heads: known.heads!, places: known.places!.map(() => [{heap: true, offset: 0}] as const)};
	t.deepEqual(await applyOverrides(third.process, third.profile, {known: wrong, openMemory}), first);
	t.deepEqual(searches, ['everywhere']);
});

test('what is found nowhere is said to be not found', async (t) => {
	const {process, profile} = await stoppedMachine(t);
	const results = await applyOverrides(process, profile, {openMemory: withFinds(() => [])});
	t.deepEqual(
		results.map(({status, reason}) => `${status}: ${reason}`),
		[
			"not-found: the first 12 bytes of 00:01.0 were not found in QEMU's memory (0 look-alikes tried)",
			"not-found: the first 12 bytes of 00:01.1 were not found in QEMU's memory (0 look-alikes tried)",
			"not-found: the first 12 bytes of 00:03.0 were not found in QEMU's memory (0 look-alikes tried)",
			"not-found: no entry point was found in QEMU's memory",
		],
	);
});

test('a machine that runs already is left alone', async (t) => {
	const {process, profile} = await stoppedMachine(t);
	await process.qmp.execute('cont');
	await t.throwsAsync(applyOverrides(process, profile), {
		instanceOf: HarnessBug,
		message: 'Overrides are for a machine that has not started yet',
	});
});

test('QEMU that dies is no refusal', async (t) => {
	const {process: qemu, profile} = await stoppedMachine(t);
	const error = await t.throwsAsync(
		applyOverrides(qemu, profile, {
			openMemory: async (pid) => {
				const memory = await openProcessMemory(pid);
				process.kill(pid, 'SIGKILL');
				const find: ProcessMemory['find'] = async (patterns) => {
					await qemu.exited;
					return patterns.map(() => [4096]);
				};
				const write: ProcessMemory['write'] = async () => {
					await qemu.exited;
				};
				return {...memory, find, write};
			},
		}),
		{instanceOf: HostError},
	);
	t.regex(error.message, /^(?:human-monitor-command: )?QEMU closed its monitor\. Its last words: killed by SIGKILL/u);
});
