import test from 'ava';
import {combinationOf, effective} from '../../harness/policy/sysctl-effective.ts';

test('what counts on an interface, by the kernel’s own macros', (t) => {
	const counts = (name: string, all: number, own: number, forwarding = false) => {
		const combination = combinationOf(name, {forwarding});
		return combination && effective(combination, all, own);
	};

	// IN_DEV_ANDCONF
	t.is(counts('accept_source_route', 0, 1), 0);
	t.is(counts('accept_source_route', 1, 1), 1);
	// IN_DEV_ORCONF
	t.is(counts('send_redirects', 0, 1), 1);
	t.is(counts('secure_redirects', 0, 0), 0);
	t.is(counts('log_martians', 1, 0), 1);
	// IN_DEV_MAXCONF
	t.is(counts('rp_filter', 1, 2), 2);
	t.is(counts('rp_filter', 1, 0), 1);
	// IN_DEV_RX_REDIRECTS
	t.is(counts('accept_redirects', 0, 1), 1);
	t.is(counts('accept_redirects', 0, 1, true), 0);
	t.is(counts('tcp_rfc1337', 1, 1), undefined);
});
