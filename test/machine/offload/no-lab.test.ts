import test from 'ava';
import {withoutLab} from '../../../harness/machine/offload/no-lab.ts';

test('without a lab nothing is green: a skip with what mends it', (t) => {
	t.deepEqual(withoutLab({kind: 'user', why: 'there is no /dev/net/tun', hint: 'sudo modprobe tun'}), {
		verdict: 'skip',
		reason: 'needs the network lab: there is no /dev/net/tun',
		evidence: [],
		fix: 'sudo modprobe tun',
	});
	t.like(withoutLab({kind: 'user', why: 'x'}), {verdict: 'skip', fix: 'bootwright doctor'});
});
