import path from 'node:path';
import test from 'ava';
import {loadProfile} from '../../harness/profile/load.ts';
import {examples} from './_stub.ts';

test('it is the cloud’s machine with more of everything', async (t) => {
	const gce = await loadProfile('gce');
	const own = await loadProfile(path.join(examples, 'own-profile/eight-cores.yaml'));
	const {name, title} = own;
	t.is(name, 'eight-cores');
	t.deepEqual(own, {...gce, name, title, vcpus: 8, memoryMiB: 8192});
});
