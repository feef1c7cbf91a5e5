import test from 'ava';
import {HostError, UsageError} from '../../harness/core/errors.ts';
import {type AccessPlan, planAccess} from '../../harness/access/plan-access.ts';
import {type Filesystem, type Partition} from '../../harness/image/inspect-disk.ts';

const disk = (...filesystems: ReadonlyArray<Filesystem | undefined>) => ({
	filesystem: undefined,
	partitions: filesystems.map((filesystem, index): Partition => ({
		number: index + 1,
		start: 0,
		bytes: 0,
		type: '83',
		name: undefined,
		filesystem,
	})),
});
const alice = {user: 'alice', password: 'secret'};
const plain = {
	access: 'auto',
	credentials: undefined,
	candidate: disk('vfat', 'ext4'),
	known: undefined,
	noLab: {why: 'there is no lab'},
} as const;
const noMetadata = 'metadata: there is no lab';

const short = ({steps, left, injectFirst, credentials}: AccessPlan): unknown => [
	steps.map(({method}) => method).join(' '),
	left.map(({method, why}) => `${method}: ${why}`),
	injectFirst,
	credentials?.user,
];

test('auto takes what costs the least for what is known', (t) => {
	t.deepEqual(short(planAccess(plain)), [
		'inject shell',
		['credentials: no user is given', noMetadata],
		true,
		undefined,
	]);
	t.deepEqual(short(planAccess({...plain, credentials: alice})), [
		'shell credentials',
		['metadata: not needed: a user is given', 'inject: not needed: a user is given'],
		false,
		'alice',
	]);
	t.deepEqual(short(planAccess({...plain, known: {access: 'shell'}})), ['shell', [], false, undefined]);
	t.deepEqual(short(planAccess({...plain, known: {access: 'inject'}})), [
		'inject shell',
		['credentials: no user is given', noMetadata],
		true,
		undefined,
	]);
	const known = {access: 'credentials', user: 'root', password: 'x'} as const;
	t.deepEqual(planAccess({...plain, known}).credentials, {user: 'root', password: 'x'});
	t.deepEqual(planAccess({...plain, known, credentials: alice}).credentials, alice, 'the user’s word comes first');
});

test('a disk that holds nothing to change is not worth the time', (t) => {
	t.deepEqual(short(planAccess({...plain, candidate: disk('crypto_LUKS', 'swap')})), [
		'shell',
		[
			'credentials: no user is given',
			'inject: there is no file system on the disk that could be changed (found: crypto_LUKS, swap)',
			noMetadata,
		],
		false,
		undefined,
	]);
	t.deepEqual(short(planAccess({...plain, candidate: disk()})), [
		'shell',
		['credentials: no user is given', 'inject: there is no file system on the disk that is known here', noMetadata],
		false,
		undefined,
	]);
	t.true(planAccess({...plain, candidate: {partitions: [], filesystem: 'xfs'}}).injectFirst);
	t.true(planAccess({...plain, candidate: disk('LVM2_member')}).injectFirst);
});

test('where there is a lab, the metadata server offers a shell, too', (t) => {
	const lab = {...plain, noLab: undefined};
	const all = planAccess(lab);
	t.deepEqual(short(all), ['inject shell metadata', ['credentials: no user is given'], true, undefined]);
	t.true(all.offerMetadata);
	const known = planAccess({...lab, known: {access: 'metadata'}});
	t.deepEqual(short(known), [
		'shell metadata',
		['credentials: no user is given', 'inject: not needed: this image reads metadata'],
		false,
		undefined,
	]);
	t.false(planAccess({...lab, credentials: alice}).offerMetadata);
	t.true(planAccess({...plain, known: {access: 'metadata'}}).injectFirst, 'no lab: another way has to do');

	const only = planAccess({...lab, access: 'metadata'});
	t.deepEqual(short(only), ['metadata', [], false, undefined]);
	const error = t.throws(() => planAccess({...plain, access: 'metadata'}), {instanceOf: HostError});
	t.is(error.message, '--access metadata needs the network lab: there is no lab');
});

test('a way that is asked for is the only one', (t) => {
	for (const access of ['shell', 'credentials', 'inject'] as const) {
		t.deepEqual(short(planAccess({...plain, access, credentials: alice})), [
			access,
			[],
			access === 'inject',
			access === 'credentials' ? 'alice' : undefined,
		]);
	}

	const error = t.throws(() => planAccess({...plain, access: 'credentials'}), {instanceOf: UsageError});
	t.is(error.message, '--access credentials needs a user and a password');
});
