import {
	type Evidence,
	type Guest,
	type Judgement,
	type Machine,
	judgeEvidence,
	portNames,
	rootFiles,
	rootPlace,
	scenario,
	textOf,
} from '../harness/index.ts';

export default scenario({
	id: 'boot',
	title: 'The image boots by itself, and has nothing to complain about',
	proves: ['boot.reached-userspace', 'boot.console-clean'],
	needsGuest: false,
	order: 'last',
	async run({guest, machine, judge}) {
		judge('boot.reached-userspace', judgeBoot(machine, await guestEvidence(guest)));
		judge('boot.console-clean', judgeConsole(machine));
	},
});

const guestEvidence = async (guest: Guest | undefined): Promise<readonly Evidence[]> => {
	if (guest === undefined) {
		return [];
	}

	const dump = await guest.readAll([...rootFiles, '/proc/1/comm', '/proc/uptime']);
	const place = rootPlace(dump);
	const [uptime = '?'] = (textOf(dump, '/proc/uptime') ?? '').split(' ');
	return [
		{
			side: 'guest',
			what: 'first process of user space',
			expected: 'running',
			observed: `${textOf(dump, '/proc/1/comm') ?? 'absent'}, ${uptime} s after the kernel started`,
			holds: dump.has('/proc/1/comm'),
		},
		{side: 'guest', what: 'root file system', expected: 'on the emulated disk', ...place},
	];
};

/** Whoever got in stands in user space; otherwise the consoles tell how far the guest came. */
const judgeBoot = ({phases, boot}: Machine, seen: readonly Evidence[]): Judgement => {
	const reached = phases();
	const up = reached.some(({name}) => name === 'userspace' || name === 'access');
	const evidence: readonly Evidence[] = [
		{
			side: 'host',
			what: 'phases of the boot, as the serial ports told them',
			expected: 'up to user space',
			observed: reached.map(({name, ms}) => `${name} ${(ms / 1000).toFixed(1)} s`).join(', ') || 'none',
			holds: up,
		},
		...seen,
	];
	if (up && boot.directKernel) {
		return {
			verdict: 'skip',
			reason: 'the kernel was given with --kernel: the image’s own boot loader and kernel did not run',
			evidence,
		};
	}

	return judgeEvidence(evidence);
};

/** No more lines of one run than a person reads. */
const shown = 20;

const judgeConsole = (machine: Machine): Judgement => {
	const problems = machine.problems();
	const ports = portNames.map((name) => ({name, bytes: machine.received(name)}));
	const broken = problems.filter(({severity}) => severity !== 'warning');
	const complaints = problems.slice(0, shown).map(({port, offset, kind, line}): Evidence => ({
		side: 'guest',
		what: `${port}, byte ${offset}`,
		expected: 'no complaint',
		observed: `${kind}: ${line}`,
		holds: false,
	}));
	if (problems.length > 0) {
		const [first] = broken.length > 0 ? broken : problems;
		const more = problems.length === 1 ? '' : ` and ${problems.length - 1} more`;
		return {
			verdict: broken.length > 0 ? 'fail' : 'warn',
			reason: `${first?.kind ?? ''} on ${first?.port ?? ''}: "${first?.line ?? ''}"${more}`,
			evidence: complaints,
		};
	}

	return judgeEvidence(
		ports.map(({name, bytes}): Evidence => ({
			side: 'guest',
			what: `${name}, from the first byte to the last`,
			expected: 'no complaint',
			observed: bytes === 0 ? 'nothing came' : `no complaint in ${bytes} bytes`,
			// The firmware alone says more than nothing on the first port.
			holds: name !== 'ttyS0' || bytes > 0,
		})),
	);
};
