import test from 'ava';
import {type SysctlKey, sysctlId, sysctlKeys} from '../../harness/core/requirements/ids.ts';
import {sysctlSettings} from '../../harness/core/requirements/sysctl-settings.ts';
import {type SysctlObservation, judgeSysctls} from '../../harness/policy/judge-sysctls.ts';

const right = new Map<string, string>(sysctlKeys.map((key) => [key, `${sysctlSettings[key].required}\n`]));
const own = {
	accept_source_route: '0',
	accept_redirects: '0',
	secure_redirects: '1',
	send_redirects: '0',
	rp_filter: '1',
	log_martians: '1',
	forwarding: '0',
};

type Change = {
	readonly values?: Partial<Readonly<Record<SysctlKey, string | undefined>>>;
	readonly ens4?: Readonly<Record<string, string>>;
	readonly setBy?: SysctlObservation['setBy'];
};

const judge = ({values = {}, ens4 = {}, setBy = new Map()}: Change = {}) => {
	const changed = new Map(right);
	for (const [key, value] of Object.entries(values)) {
		if (value === undefined) {
			changed.delete(key);
		} else {
			changed.set(key, value);
		}
	}

	return judgeSysctls({
		values: changed,
		perInterface: new Map([['ens4', new Map(Object.entries({...own, ...ens4}))]]),
		setBy,
	});
};

const notPassed = (change: Change) =>
	judge(change)
		.entries()
		.filter(([, {verdict}]) => verdict !== 'pass')
		.map(([id, {verdict}]) => `${verdict} ${id}`)
		.toArray();

test('all 23 as required', (t) => {
	t.is(judge().size, 23);
	t.deepEqual(notPassed({}), []);
});

for (const key of sysctlKeys) {
	test(`${key} weakened fails alone; absent it says what is missing`, (t) => {
		const {required, provider} = sysctlSettings[key];
		const weaker = required === 0 ? 1 : required - 1;
		t.deepEqual(notPassed({values: {[key]: `${weaker}\n`}}), [`fail ${sysctlId(key)}`]);
		const absent = judge({values: {[key]: undefined}}).get(sysctlId(key));
		t.like(absent, {verdict: 'fail', reason: `${key} does not exist: needs ${provider}`});
		t.like(judge({values: {[key]: 'yes\n'}}).get(sysctlId(key)), {verdict: 'fail'});
	});
}

test('stricter passes where the setting is ordered, and says so; elsewhere it fails', (t) => {
	const verdict = (key: SysctlKey, value: string) => {
		const judgement = judge({values: {[key]: value}}).get(sysctlId(key));
		return judgement && `${judgement.verdict}: ${judgement.reason}`;
	};

	t.is(verdict('kernel.kptr_restrict', '2'), 'pass: 2: stricter than 1');
	t.is(verdict('kernel.yama.ptrace_scope', '3'), 'pass: 3: stricter than 1');
	t.is(verdict('kernel.perf_event_paranoid', '4'), 'pass: 4: stricter than 2');
	t.is(verdict('kernel.perf_event_paranoid', '-1'), 'fail: kernel.perf_event_paranoid is -1, required 2 or more');
	t.is(verdict('kernel.randomize_va_space', '3'), 'fail: kernel.randomize_va_space is 3, required 2');
	t.is(verdict('net.ipv4.tcp_syncookies', '2'), 'fail: net.ipv4.tcp_syncookies is 2, required 1');
	t.is(
		verdict('net.ipv4.conf.all.rp_filter', '2'),
		'fail: net.ipv4.conf.all.rp_filter is 2, required 1 (2 is the loose check: looser than 1)',
	);
});

test('looser on an interface than required is a warning of the row for all', (t) => {
	t.deepEqual(notPassed({ens4: {rp_filter: '2'}}), ['warn sysctl.net.ipv4.conf.all.rp_filter']);
	t.deepEqual(notPassed({ens4: {rp_filter: '0'}}), []);
	t.deepEqual(notPassed({ens4: {send_redirects: '1'}}), ['warn sysctl.net.ipv4.conf.all.send_redirects']);
	t.deepEqual(notPassed({ens4: {accept_source_route: '1'}}), []);
	t.deepEqual(notPassed({ens4: {accept_redirects: '1'}}), ['warn sysctl.net.ipv4.conf.all.accept_redirects']);
	t.deepEqual(notPassed({ens4: {accept_redirects: '1', forwarding: '1'}}), []);
	const origin = {file: '/etc/sysctl.d/20-lan.conf', line: 3, value: '2'};
	const judgement = judge({
		ens4: {rp_filter: '2'},
		setBy: new Map([['net.ipv4.conf.ens4.rp_filter', origin]]),
	}).get('sysctl.net.ipv4.conf.all.rp_filter');
	t.is(judgement?.reason, 'net.ipv4.conf.all.rp_filter is 1, but looser on ens4 (2)');
	t.is(
		judgement?.fix,
		'net.ipv4.conf.ens4.rp_filter: /etc/sysctl.d/20-lan.conf line 3 sets it to 2: change that line to "net.ipv4.conf.ens4.rp_filter = 1".',
	);
});

test('the hint names the file that set the value, or that none did, or that something came later', (t) => {
	const fix = (setBy: SysctlObservation['setBy'] = new Map()) =>
		judge({values: {'kernel.kptr_restrict': '0'}, setBy}).get('sysctl.kernel.kptr_restrict')?.fix;
	const origin = (value: string) => new Map([['kernel.kptr_restrict', {file: '/etc/sysctl.conf', line: 7, value}]]);
	t.is(fix(), "No file sets it: echo 'kernel.kptr_restrict = 1' >> /etc/sysctl.d/90-cloud.conf");
	t.is(fix(origin('0')), '/etc/sysctl.conf line 7 sets it to 0: change that line to "kernel.kptr_restrict = 1".');
	t.is(
		fix(origin('1')),
		'/etc/sysctl.conf line 7 sets it to 1, and it is 0 all the same: something changes it later (a network manager, a container engine, "sysctl -w" in a boot script).',
	);
});
