import test from 'ava';
import {architectureOf} from '../../../harness/image/build/architecture.ts';

test('whose programs a kernel runs', (t) => {
	// arch/x86/kernel/cpu/bugs.c: init_utsname()->machine[1] = '0' + (family > 6 ? 6 : family)
	for (const machine of ['i386', 'i486', 'i586', 'i686']) {
		t.is(architectureOf(machine), 'i386', machine);
	}

	t.is(architectureOf('x86_64'), 'amd64');
	for (const machine of ['aarch64', 'armv7l', 'i860', '', 'x86_64 ']) {
		t.is(architectureOf(machine), undefined, machine);
	}
});
