import test from 'ava';
import {UsageError} from '../../../harness/core/errors.ts';
import {unmetOptions, withOptions} from '../../../harness/image/build/kernel-options.ts';
import {baseOptions, kernelVariant, kernelVariants} from '../../../harness/image/build/kernel-recipe.ts';

test('each variant is another kernel than the base', (t) => {
	const [base, ...variants] = Object.entries(kernelVariants());
	t.deepEqual(base?.[1].options, {});
	for (const [name, {options}] of variants) {
		// `withOptions` sees no difference where the base has the value already, or never had the option.
		t.is(unmetOptions(withOptions(baseOptions(), options), baseOptions()).length, Object.keys(options).length, name);
	}
});

test('an unknown kernel is answered with the nearest', (t) => {
	t.throws(() => kernelVariant('no-mis'), {
		instanceOf: UsageError,
		message: 'There is no kernel "no-mis". Did you mean "no-msi"?',
	});
});
