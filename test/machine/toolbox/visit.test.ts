import test from 'ava';
import {UnobservableError} from '../../../harness/core/errors.ts';
import {type ToolVisit, toolPath} from '../../../harness/machine/toolbox/visit.ts';

const plugged = (tools: Extract<ToolVisit, {kind: 'plugged'}>['tools']): ToolVisit => ({
	kind: 'plugged',
	target: 8,
	bytes: 4096,
	sha256: '',
	patienceMs: 1000,
	seen: undefined,
	digest: undefined,
	deletedMs: 1,
	gone: undefined,
	tools,
});

test('the path of a wrapper', (t) => {
	t.is(toolPath(plugged({kind: 'ready', directory: '/dev/bootwright'}), 'ethtool'), '/dev/bootwright/bin/ethtool');
});

test('no tools: the error says why, and what helps', (t) => {
	const none = t.throws(() => toolPath(plugged({kind: 'none', reason: 'no memory', noMemory: true}), 'ethtool'), {
		instanceOf: UnobservableError,
	});
	t.is(none.message, 'ethtool could not be brought into the guest: no memory');
	const visit: ToolVisit = {kind: 'unavailable', reason: 'no mirror', hint: 'find one'};
	const unavailable = t.throws(() => toolPath(visit, 'ip'), {instanceOf: UnobservableError});
	t.is(unavailable.message, 'ip could not be brought into the guest: no mirror');
	t.is(unavailable.hint, 'find one');
});
