import os from 'node:os';
import test, {type ExecutionContext} from 'ava';
import {monotonicMs} from '../../harness/core/clock.ts';
import {type RequirementId} from '../../harness/core/requirements/ids.ts';
import {type Judgement} from '../../harness/core/verdict.ts';
import {network, open} from '../lab/_lab.ts';
import {type ProbeMachine, bootProbeMachine} from './_probe-machine.ts';
import {runScenarios} from './_run-scenarios.ts';

const rows: readonly RequirementId[] = ['hw.net.checksum', 'hw.net.tso4', 'hw.net.gro4'];

const judgeOffloads = async (probe: ProbeMachine): Promise<ReadonlyMap<string, Judgement>> =>
	(await runScenarios(probe, {ids: /^offload-/v, selected: rows})).rows;

test.serial(
	'the three offloads on a real guest, which then is as it was, and reaches nothing but the lab',
	async (t) => {
		t.timeout(240_000);
		await using lab = await open(t);
		await using probe = await bootProbeMachine({lab});
		const {guest} = probe;
		await leased(probe);
		const [ip, ethtool] = [await guest.tool('ip'), await guest.tool('ethtool')];
		const state = async (): Promise<string> =>
			(
				await guest.run(
					`${ip} -4 -o addr show dev ens4; ${ip} -4 route; cat /sys/class/net/ens4/mtu; ${ethtool} -k ens4; ${ip} netns list; cat /sys/class/net/ens4/gro_flush_timeout`,
				)
			).text;
		const before = await state();
		t.regex(before, /inet 10\.128\.0\.2\/32/v);
		t.regex(before, /^default via 10\.128\.0\.1 dev ens4/mv);
		const startedAt = monotonicMs();
		const judged = await judgeOffloads(probe);
		t.log(`the three scenarios took ${((monotonicMs() - startedAt) / 1000).toFixed(1)} s`);
		for (const row of rows) {
			const judgement = judged.get(row);
			t.is(judgement?.verdict, 'pass', `${row}: ${judgement?.reason ?? 'not judged'}`);
		}

		t.deepEqual((await state()).split('\n'), before.split('\n'));
		await isConfined(t, probe);
		t.deepEqual(probe.machine.problems(), []);
	},
);

test.serial('a row that fails leaves the frames that it was judged by, and a row that passes none', async (t) => {
	t.timeout(240_000);
	await using lab = await open(t, {network: {...network, faults: {corruptsChecksums: true}}});
	await using probe = await bootProbeMachine({lab});
	await leased(probe);
	const {rows: judged, files} = await runScenarios(probe, {ids: /^offload-(?:checksum|tso)$/v, selected: rows});
	t.is(judged.get('hw.net.checksum')?.verdict, 'fail');
	t.is(judged.get('hw.net.tso4')?.verdict, 'pass', judged.get('hw.net.tso4')?.reason);
	t.deepEqual(files.keys().toArray(), ['hw.net.checksum.pcapng']);
	const file = files.get('hw.net.checksum.pcapng') ?? new Uint8Array();
	t.true(file.length > 500_000 && file.length < 8_000_000, `${file.length} bytes`);
	t.true(Buffer.from(file).includes('NEEDS_CSUM'));
	// From port 41003 to 41004: the connection request with a broken checksum (dropped-broken.ts).
	t.true(Buffer.from(file).includes(Buffer.from('a02ba02c', 'hex')));
});

/** Until the guest has its address. */
const leased = async ({guest, deadline}: ProbeMachine): Promise<void> => {
	const {status} = await guest.run(
		'n=0; until ip -4 addr show dev ens4 | grep -q 10.128.0.2 || [ $n -ge 150 ]; do n=$((n+1)); sleep 0.2; done; [ $n -lt 150 ]',
		{deadline},
	);
	if (status !== 0) {
		throw new Error('no lease');
	}
};

/** What a connection from inside comes to. */
const isConfined = async (t: ExecutionContext, {guest}: ProbeMachine): Promise<void> => {
	const [socat, busybox] = [await guest.tool('socat'), await guest.tool('busybox')];
	const connect = async (address: string, port: number): Promise<string> => {
		const {status, stderr} = await guest.run(
			`${socat} -u -T2 OPEN:/dev/null TCP4:${address}:${port},connect-timeout=2 </dev/null`,
		);
		return status === 0 ? 'connected' : (stderr.trim().split(': ').at(-1) ?? '');
	};

	t.is(await connect('169.254.169.254', 80), 'connected');
	t.is(await connect('10.128.0.1', 53), 'connected');
	for (const port of [22, 80, 111, 8080]) {
		t.is(await connect('10.128.0.1', port), 'Connection refused', String(port));
	}

	t.is(await connect('169.254.169.254', 22), 'Connection refused');
	// The lab forwards nothing and has no route: the gateway is as silent as a wall, or says so.
	const own = Object.values(os.networkInterfaces())
		.flat()
		.filter((one) => one?.family === 'IPv4' && !one.internal)
		.map((one) => one?.address ?? '');
	for (const address of ['8.8.8.8', '10.128.0.3', ...own.slice(0, 2)]) {
		t.regex(await connect(address, 22), /unreachable|timed out/v, address);
		t.not((await guest.run(`${busybox} ping -c1 -W1 ${address}`)).status, 0, address);
	}

	t.is((await guest.run(`${busybox} ping -c1 -W2 10.128.0.1`)).status, 0);
};
