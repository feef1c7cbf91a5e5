import test from 'ava';
import {interruptScenario} from '../e2e/_interrupt-scenario.ts';

// On a quiet host: tools, session, transfers, injected frames, stream.
for (const scenario of ['offload-checksum', 'offload-gro', 'offload-tso']) {
	for (const afterMs of [0, 300, 1500, 4000, 8000]) {
		test.serial(`SIGINT ${afterMs} ms into ${scenario}`, async (t) => interruptScenario(t, {scenario, afterMs}));
	}
}
