import test from 'ava';
import {sysctlKeys} from '../../../harness/core/requirements/ids.ts';
import {sysctlFiles, sysctlObservation} from '../../../harness/machine/observe/sysctl-values.ts';
import {kernels, recorded} from './_recorded.ts';

for (const kernel of kernels) {
	test(`all keys of the probe on ${kernel}, their interfaces and the file that sets them`, (t) => {
		const {values, perInterface, setBy} = sysctlObservation(recorded(kernel));
		t.deepEqual(values.keys().toArray(), [...sysctlKeys]);
		t.is(values.get('kernel.yama.ptrace_scope'), '1');
		t.deepEqual(new Set(perInterface.keys()), new Set(['ens4', 'lo']));
		t.deepEqual(Object.fromEntries(perInterface.get('ens4') ?? []), {
			accept_source_route: '0',
			accept_redirects: '0',
			secure_redirects: '1',
			send_redirects: '0',
			rp_filter: '1',
			log_martians: '1',
			forwarding: '0',
		});
		t.like(setBy.get('kernel.kptr_restrict'), {file: '/etc/sysctl.conf', value: '1'});
	});
}

test('whether an interface forwards is asked for: it decides about redirects', (t) => {
	t.true(sysctlFiles.includes('/proc/sys/net/ipv4/conf/*/forwarding'));
});

test('a key that is not there, and an interface of its own mind', (t) => {
	const changes = {'/kernel/yama/ptrace_scope': undefined, '/conf/ens4/rp_filter': '2\n'};
	const {values, perInterface} = sysctlObservation(recorded('linux-6.1', changes));
	t.false(values.has('kernel.yama.ptrace_scope'));
	t.is(perInterface.get('ens4')?.get('rp_filter'), '2');
});
