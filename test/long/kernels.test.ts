import test, {type ExecutionContext} from 'ava';
import {monotonicMs} from '../../harness/core/clock.ts';
import {seconds} from '../../harness/core/deadline.ts';
import {GuestError} from '../../harness/core/errors.ts';
import {matchesGlob} from '../../harness/core/glob.ts';
import {requirementIds} from '../../harness/core/requirements/ids.ts';
import {type Judgement} from '../../harness/core/verdict.ts';
import {ensureImage} from '../../harness/image/build.ts';
import {type BuiltKernel, ensureKernels, kernelVariants} from '../../harness/image/build-kernels.ts';
import {notOfAKernel, ramdiskOf} from '../../harness/runner/kernel-under-test.ts';
import {bootProbeMachine} from '../e2e/_probe-machine.ts';
import {runScenarios} from '../e2e/_run-scenarios.ts';
import {open} from '../lab/_lab.ts';

/** Throughput would measure the host once a kernel. */
const leftOut = [...notOfAKernel, 'throughput.*'];
const selected = requirementIds.filter((id) => leftOut.every((pattern) => !matchesGlob(pattern, id)));

type Row = {
	readonly name: string;
	readonly buildSeconds: number;
	readonly bootAndJudgeMs: number;
	readonly seen: string;
};
const table: Row[] = [];

const withVerdict = (rows: ReadonlyMap<string, Judgement>, verdict: Judgement['verdict']): readonly string[] =>
	selected.filter((id) => rows.get(id)?.verdict === verdict);

const judge = async (t: ExecutionContext, kernel: BuiltKernel): Promise<ReadonlyMap<string, Judgement>> => {
	const {directory} = await ensureImage(await ramdiskOf(kernel.path));
	await using lab = await open(t);
	await using probe = await bootProbeMachine({
		kernel: {path: kernel.path, initrd: `${directory}/initrd.img`},
		lab,
	});
	const {rows} = await runScenarios(probe, {ids: /^(?!sysctl|import)/v, selected});
	return rows;
};

/** What came of a kernel: the rows, or the error by which the guest was given up. */
const outcomeOf = async (
	t: ExecutionContext,
	kernel: BuiltKernel,
): Promise<ReadonlyMap<string, Judgement> | GuestError> => {
	try {
		return await judge(t, kernel);
	} catch (error) {
		if (error instanceof GuestError) {
			return error;
		}

		throw error;
	}
};

const variants = kernelVariants();
const kernels = new Map<string, BuiltKernel>();

/** All at once, so that each is compiled out of the objects of the one before. */
test.before('the kernels are built', async (t) => {
	t.timeout(3_600_000);
	const built = await ensureKernels(Object.keys(variants), {onProgress: (line) => t.log(line)});
	for (const kernel of built) {
		kernels.set(kernel.name, kernel);
	}
});

for (const [name, {title, expect}] of Object.entries(variants)) {
	test.serial(`${name}: ${title}`, async (t) => {
		t.timeout(600_000);
		const kernel = kernels.get(name)!;
		const startedAt = monotonicMs();
		const outcome = await outcomeOf(t, kernel);
		const seen =
			outcome instanceof GuestError ? `${outcome.failure}: ${outcome.message}` : withVerdict(outcome, 'fail').join(' ');
		table.push({name, buildSeconds: kernel.seconds, bootAndJudgeMs: monotonicMs() - startedAt, seen});
		if ('dies' in expect) {
			t.true(outcome instanceof GuestError && outcome.failure === expect.dies, seen);
			t.true(seen.includes(expect.words), seen);
		} else if (outcome instanceof GuestError) {
			t.fail(seen);
		} else {
			for (const [id, {verdict, reason}] of outcome) {
				if (verdict !== 'pass') {
					t.log(`${id} ${verdict}: ${reason}`);
				}
			}

			t.deepEqual(withVerdict(outcome, 'fail'), expect.fails);
			t.deepEqual(withVerdict(outcome, 'skip'), expect.skips);
			t.deepEqual(withVerdict(outcome, 'error'), []);
		}
	});
}

test.after.always('the table', (t) => {
	for (const {name, buildSeconds, bootAndJudgeMs, seen} of table) {
		t.log(
			`${name.padEnd(18)} built in ${buildSeconds} s, judged in ${seconds(bootAndJudgeMs)}: ${seen || 'no row failed'}`,
		);
	}
});
