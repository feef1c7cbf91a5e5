import test from 'ava';
import {kernelIds} from '../../harness/core/requirements/ids.ts';
import {baseConfigs} from '../../harness/policy/base-configs.ts';
import {type ConfigMutant, configMutants} from '../../harness/policy/config-mutants.ts';
import {judgeKernelOptions} from '../../harness/policy/judge-kernel-options.ts';
import {parseKernelConfig} from '../../harness/policy/kernel-config.ts';

const judge = (text: string) =>
	judgeKernelOptions(parseKernelConfig(text), {release: undefined, seenWorking: new Set(), offline: true});

const withVerdict = (text: string, verdict: string): readonly string[] =>
	judge(text)
		.entries()
		.filter(([, judgement]) => judgement.verdict === verdict)
		.map(([id]) => id)
		.toArray();

for (const [name, text] of baseConfigs()) {
	test(`${name} passes as it is`, (t) => {
		t.deepEqual(withVerdict(text, 'fail'), []);
		t.deepEqual(withVerdict(text, 'error'), []);
		const drivers = new Set(['kernel.VIRTIO_PCI', 'kernel.SCSI_VIRTIO', 'kernel.VIRTIO_NET']);
		t.true(withVerdict(text, 'warn').every((id) => drivers.has(id)));
	});
}

const mutants = Map.groupBy(configMutants(), ({id}) => id.split('/', 1)[0] ?? '');
for (const [base, changed] of mutants) {
	test(`exactly the rows of each change to ${base} fail`, (t) => {
		const observed = changed.map((mutant: ConfigMutant) => [mutant.id, ...withVerdict(mutant.text, 'fail')]);
		const expected = changed.map((mutant: ConfigMutant) => [mutant.id, ...mutant.fails]);
		const inOrder = (row: readonly string[]): readonly string[] => row.toSorted((a, b) => a.localeCompare(b, 'en'));
		t.deepEqual(observed.map(inOrder), expected.map(inOrder));
		t.deepEqual(
			changed.flatMap(({text}) => withVerdict(text, 'error')),
			[],
		);
	});
}

test('every row fails for some change, and every base has changes that must not matter', (t) => {
	const all = configMutants();
	const failing = new Set(all.flatMap(({fails}) => fails));
	t.deepEqual(
		kernelIds.filter((id) => !failing.has(id)),
		[],
	);
	for (const [base, changed] of mutants) {
		t.true(changed.filter(({fails}) => fails.length === 0).length >= 3, base);
	}

	t.is(new Set(all.map(({id}) => id)).size, all.length);
});
