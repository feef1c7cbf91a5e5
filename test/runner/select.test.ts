import test from 'ava';
import {UsageError} from '../../harness/core/errors.ts';
import {loadScenarios} from '../../harness/runner/load-scenarios.ts';
import {select} from '../../harness/runner/select.ts';
import {requirementIds} from '../../harness/core/requirements/ids.ts';

const scenarios = await loadScenarios();
const sorted = (ids: readonly string[]) => ids.toSorted((a, b) => a.localeCompare(b, 'en'));
const chosen = (only: readonly string[], skip: readonly string[] = []) => {
	const {requirements, scenarios: left} = select(scenarios, {only, skip});
	return {rows: requirements, scenarios: left.map(({id}) => id)};
};

test('every requirement belongs to exactly one scenario', (t) => {
	const {rows} = chosen([]);
	t.deepEqual(sorted(rows), sorted(requirementIds));
});

test('a scenario by its id, a row by its id, both by globs', (t) => {
	t.deepEqual(chosen(['pci']), {rows: ['hw.pci.isa-bridge', 'hw.pci.acpi-bridge'], scenarios: ['pci']});
	t.deepEqual(chosen(['hw.scsi.spc4']), {rows: ['hw.scsi.spc4'], scenarios: ['scsi']});
	t.deepEqual(chosen(['hw.pci.*', 'hw.uart.ttyS2']).scenarios, ['pci', 'uart']);
	t.deepEqual(chosen(['pci'], ['*.acpi-bridge']).rows, ['hw.pci.isa-bridge']);
});

test('what sees the others’ traces runs last', (t) => {
	t.is(chosen([]).scenarios.at(-1), 'boot');
});

test('a pattern that matches nothing names the nearest, and nothing left is no pass', (t) => {
	const typo = t.throws(() => chosen(['sysctl.kernel.kptr_restict']), {instanceOf: UsageError});
	t.is(
		typo.message,
		'"sysctl.kernel.kptr_restict" matches no requirement and no scenario. Did you mean "sysctl.kernel.kptr_restrict"?',
	);
	t.throws(() => chosen(['pci'], ['nothing.*']), {instanceOf: UsageError, message: /^"nothing\.\*" matches no/});
	t.throws(() => chosen(['pci'], ['hw.*']), {
		instanceOf: UsageError,
		message: 'Nothing is selected: --only and --skip leave no requirement to judge',
	});
});
