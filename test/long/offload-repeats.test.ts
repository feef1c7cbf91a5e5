import {spawn} from 'node:child_process';
import test from 'ava';
import {judge, openPlace} from '../e2e/_program.ts';

const repeats = Number(process.env['REPEATS'] ?? 20);

const rows = [
	'hw.net.checksum',
	'throughput.checksum',
	'hw.net.gro4',
	'throughput.gro4',
	'hw.net.tso4',
	'throughput.tso4',
];

/** Something else that wants the processors, as a build would. */
const busy = (): Disposable => {
	const children = [spawn('sh', ['-c', 'while :; do :; done'], {stdio: 'ignore'})];
	return {
		[Symbol.dispose]() {
			for (const child of children) {
				child.kill('SIGKILL');
			}
		},
	};
};

test.serial(`the same image judged ${repeats} times on a busy host gives one verdict`, async (t) => {
	t.timeout(repeats * 300_000);
	await using place = await openPlace();
	using _load = busy();
	const seen = new Map<string, number>();
	for (let index = 0; index < repeats; index++) {
		const {result} = await judge(place, ['ref:probe', '--only', 'offload-*']);
		const verdicts = rows
			.map((id) => `${id} ${result.requirements.find((row) => row.id === id)?.verdict ?? 'absent'}`)
			.join(', ');
		seen.set(verdicts, (seen.get(verdicts) ?? 0) + 1);
		const ratios = result.measurements.map(
			({id, metric, value, ci95: [low, high]}) =>
				`${id} ${metric} ${value.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`,
		);
		const odd = result.requirements.filter(({verdict}) => verdict !== 'pass').map(({id, reason}) => `${id}: ${reason}`);
		t.log([...ratios, ...odd].join('; '));
	}

	t.deepEqual(
		seen
			.entries()
			.map(([verdicts, count]) => ({verdicts: verdicts.split(', '), count}))
			.toArray(),
		[{verdicts: rows.map((id) => `${id} pass`), count: repeats}],
	);
});
