import {Deadline} from '../../harness/core/deadline.ts';
import {type Judgement} from '../../harness/core/verdict.ts';
import {requirementIds} from '../../harness/core/requirements/ids.ts';
import {type Guest} from '../../harness/machine/guest.ts';
import {type ImageUnderTest, type Machine, type Scenario} from '../../harness/machine/scenario.ts';
import {runScenario} from '../../harness/runner/run-scenario.ts';
import {recordedJson, recordedText} from '../machine/observe/_recorded.ts';

/** The recorded machine, with some of what it tells replaced. */
export const fakeMachine = (
	changes: Partial<Machine> & {readonly answers?: Readonly<Record<string, unknown>>} = {},
): Machine => {
	const answers: Readonly<Record<string, unknown>> = {
		'query-pci': recordedJson('machine/query-pci.json'),
		'x-query-virtio': recordedJson('machine/query-virtio.json'),
		'x-query-virtio-status': recordedJson('machine/virtio-scsi.json'),
		...changes.answers,
	};
	return {
		facts: {profile: 'gce', accelerator: 'tcg', acceleratorReason: '', qemu: '10.0.2', vcpus: 2, memoryMiB: 2048},
		qmp: async (command) => answers[command],
		monitor: async () => recordedText('machine/qtree.txt'),
		pciConfig: async ({function: fn}) => (fn === 0 ? 0x06_01_00_03 : 0x06_80_00_03),
		async plugDisk() {
			throw new Error('nothing can be plugged into a recorded machine');
		},
		overrides: [],
		port: () => undefined,
		received: (name) => changes.port?.(name)?.received ?? 0,
		problems: () => [],
		phases: () => [
			{name: 'firmware', ms: 300},
			{name: 'kernel', ms: 4900},
			{name: 'userspace', ms: 9100},
			{name: 'access', ms: 20_000},
		],
		network: {kind: 'user', why: 'there is no lab'},
		leaseMs: () => undefined,
		vcpuMs: async () => 0,
		boot: {directKernel: false},
		...changes,
	};
};

export type Judged = {readonly rows: Readonly<Record<string, Judgement>>; readonly notes: readonly string[]};

/** Of one GiB, and packed without a fault. */
export const fakeImage: ImageUnderTest = {
	bytes: 1024 ** 3,
	sha256: async () => 'ab'.repeat(32),
	archive: async () => ({names: ['disk.raw'], format: 'GNU', sha256: 'ab'.repeat(32), bytes: 1024 ** 3}),
};

/** Runs one scenario as the program does. */
export const run = async (
	scenario: Scenario,
	{
		guest,
		machine = fakeMachine(),
		image = fakeImage,
		selected = new Set<string>(requirementIds),
	}: {
		readonly guest: Guest | undefined;
		readonly machine?: Machine;
		readonly image?: ImageUnderTest;
		readonly selected?: ReadonlySet<string>;
	},
): Promise<Judged> => {
	const rows: Record<string, Judgement> = {};
	const notes: string[] = [];
	using deadline = new Deadline({phase: 'test', budgetMs: 20_000});
	await runScenario(scenario, {
		machine,
		image,
		guest,
		deadline,
		keep: async () => undefined,
		selected,
		emit(event) {
			if (event.type === 'requirement-judged') {
				rows[event.id] = event.judgement;
			} else if (event.type === 'note') {
				notes.push(event.text);
			}
		},
	});
	return {rows, notes};
};
