import {randomBytes} from 'node:crypto';
import {
	type Deadline,
	type Evidence,
	type Guest,
	type Machine,
	type PortName,
	type ScenarioContext,
	type SerialEcho,
	type SerialPort,
	compareEcho,
	describeEcho,
	echoSerial,
	equal,
	hex,
	parseSerialUse,
	portNames,
	scenario,
	serialFiles,
	serialPorts,
	serialUseCommand,
	withHighTrigger,
} from '../harness/index.ts';

/** Where the hardware manifest has the four ports. */
const required = {
	ttyS0: {ioPort: 0x3_f8, irq: 4},
	ttyS1: {ioPort: 0x2_f8, irq: 3},
	ttyS2: {ioPort: 0x3_e8, irq: 6},
	ttyS3: {ioPort: 0x2_e8, irq: 7},
} as const;

/** Random bytes in each direction. */
const bytes = 65_536;
/** A console is shared with whoever in the image writes to it: that must not look like a broken port. */
const attempts = 3;

export default scenario({
	id: 'uart',
	title: 'Four 16550A serial ports that lose nothing',
	proves: portNames.map((name) => `hw.uart.${name}` as const),
	needsGuest: true,
	async run({guest, machine, judge, note, deadline}) {
		const found = serialPorts(await guest.readAll(serialFiles));
		const ports = portNames.filter((name) => found.has(name) && name !== guest.shellPort);
		if (!(await guest.facts()).tools.has('stty')) {
			judgeByDetection(found, judge);
			return;
		}

		const {echoes, inShell} = await withHighTrigger(guest, async () => ({
			echoes: await echoAll(guest, machine, {ports, deadline}),
			inShell: await throughShell(guest),
		}));
		for (const name of portNames) {
			const port = found.get(name);
			const echo = echoes.get(name);
			const crossed = name === guest.shellPort ? [inShell] : transferred(echo);
			judge(`hw.uart.${name}`, [...detected(name, port), ...(port === undefined ? [] : crossed)]);
			if (echo?.isConsole === true && compareEcho(echo.sent, echo.received).kind === 'foreign') {
				note(`The image kept writing to ${name} while it was tested; the test's own bytes all came through`);
			}
		}
	},
});

/** Without stty a terminal changes what passes through it, and nobody could say whose fault that is. */
const judgeByDetection = (found: ReadonlyMap<PortName, SerialPort>, judge: ScenarioContext['judge']): void => {
	for (const name of portNames) {
		const evidence = detected(name, found.get(name));
		const reason = 'the image has no stty: no bytes could be sent through the port unchanged';
		judge(`hw.uart.${name}`, evidence.every(({holds}) => holds) ? {verdict: 'skip', reason, evidence} : evidence);
	}
};

const detected = (name: PortName, port: SerialPort | undefined): readonly Evidence[] => [
	equal('guest', `chip that the driver found for ${name}`, {expected: '16550A', observed: port?.uart}),
	equal('guest', 'I/O port', {
		expected: `0x${hex(required[name].ioPort, 3)}`,
		observed: port?.ioPort === undefined ? undefined : `0x${hex(port.ioPort, 3)}`,
	}),
	equal('guest', 'IRQ', {expected: required[name].irq, observed: port?.irq}),
];

type EchoAll = {readonly ports: readonly PortName[]; readonly deadline: Deadline};

/** All ports at once; those on which somebody else wrote or read once more. */
const echoAll = async (
	guest: Guest,
	machine: Machine,
	{ports, deadline}: EchoAll,
): Promise<ReadonlyMap<PortName, SerialEcho>> => {
	const echoes = new Map<PortName, SerialEcho>();
	for (let attempt = 1; attempt <= attempts; attempt++) {
		const left = ports.flatMap((name) => {
			const port = machine.port(name);
			const done = echoes.get(name);
			return port === undefined || done?.sent.equals(done.received) === true ? [] : {name, port};
		});
		if (left.length === 0) {
			break;
		}

		const use = parseSerialUse((await guest.run(serialUseCommand)).text);
		const more = await echoSerial(guest, {ports: left, bytes, use, deadline});
		for (const [name, echo] of more) {
			echoes.set(name, echo);
		}
	}

	return echoes;
};

const transferred = (echo: SerialEcho | undefined): readonly Evidence[] => {
	if (echo === undefined) {
		return [equal('host', 'port of the machine', {expected: 'there', observed: undefined})];
	}

	const {sent, received, arrived, isConsole} = echo;
	const difference = compareEcho(sent, received);
	return [
		...(arrived === undefined
			? []
			: [
					equal('guest', `digest of ${sent.length} random bytes from the host`, {
						expected: 'as sent',
						observed: arrived ? 'as sent' : 'another',
					}),
				]),
		{
			side: 'host',
			what: 'the same bytes, sent back by the guest',
			expected: 'unchanged',
			observed: describeEcho(difference, sent.length),
			holds: difference.kind === 'same' || (difference.kind === 'foreign' && isConsole),
		},
	];
};

/** On its own port the shell's protocol carries the bytes, as text. */
const throughShell = async (guest: Guest): Promise<Evidence> => {
	const sent = randomBytes(bytes);
	const {stdout} = await guest.run('cat', {stdin: sent});
	return {
		side: 'host',
		what: `${bytes} random bytes to a command in the root shell, which lives on this port, and back`,
		expected: 'unchanged',
		observed: describeEcho(compareEcho(sent, stdout), bytes),
		holds: sent.equals(stdout),
	};
};
