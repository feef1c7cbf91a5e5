import test from 'ava';
import {type ToolVisit} from '../../harness/machine/toolbox/visit.ts';
import hotplug from '../../scenarios/hotplug.ts';
import {recordedJson} from '../machine/observe/_recorded.ts';
import {fakeGuest} from '../machine/_fake-guest.ts';
import {fakeMachine, run} from './_run.ts';

const good = {
	kind: 'plugged',
	target: 8,
	bytes: 4096,
	sha256: 'aa',
	patienceMs: 5000,
	seen: {block: 'sdb', sectors: 8, waitedCs: 20},
	digest: 'aa',
	deletedMs: 3,
	gone: true,
	tools: {kind: 'ready', directory: '/dev/bootwright'},
} as const satisfies ToolVisit;

const judge = async (visit: ToolVisit, machine = fakeMachine()) => {
	const {rows} = await run(hotplug, {guest: {...fakeGuest({}), within: (): never => guestOf(visit)}, machine});
	return rows['hw.scsi.hotplug'];
};

const guestOf = (visit: ToolVisit): never => ({...fakeGuest({}), toolbox: async () => visit}) as never;

test('seen to come, read and seen to go, from both sides', async (t) => {
	const row = await judge(good);
	t.is(row?.verdict, 'pass');
	t.deepEqual(
		row?.evidence.map(({side, what, observed}) => `${side}: ${what}: ${observed}`),
		[
			'guest: disk that was plugged at SCSI target 8: there as sdb after 0.2 s',
			'guest: its capacity in sectors of 512 bytes: 8',
			'guest: SHA-256 of its 4096 bytes: aa',
			'host: feature bit HOTPLUG: negotiated',
			'host: event DEVICE_DELETED after the disk was unplugged: raised after 3 ms',
			'guest: disk at target 8 after it was unplugged: gone',
		],
	);
});

const failures: ReadonlyArray<readonly [title: string, visit: ToolVisit, reason: string]> = [
	[
		'a guest that does not see it come',
		{...good, seen: undefined, gone: undefined},
		'disk that was plugged at SCSI target 8 is absent after 5.0 s, required there (guest)',
	],
	[
		'another capacity',
		{...good, seen: {...good.seen, sectors: 7}},
		'its capacity in sectors of 512 bytes is 7, required 8 (guest)',
	],
	['other bytes', {...good, digest: 'ab'}, 'SHA-256 of its 4096 bytes is ab, required aa (guest)'],
	[
		'bytes that could not be read',
		{...good, digest: undefined, tools: {kind: 'none', reason: 'an I/O error', noMemory: false}},
		'SHA-256 of its 4096 bytes is an I/O error, required aa (guest)',
	],
	[
		'a guest that keeps what is gone',
		{...good, gone: false},
		'disk at target 8 after it was unplugged is still there after 5.0 s, required gone (guest)',
	],
	[
		'a machine that raises no event',
		{...good, deletedMs: undefined},
		'event DEVICE_DELETED after the disk was unplugged is absent, required raised (host)',
	],
];
for (const [title, visit, reason] of failures) {
	test(title, async (t) => {
		const row = await judge(visit);
		t.is(row?.verdict, 'fail');
		t.is(row?.reason, reason);
	});
}

test('a guest that did not negotiate it', async (t) => {
	const status = recordedJson('machine/virtio-scsi.json') as {readonly 'guest-features': object};
	const answers = {
		'x-query-virtio-status': {...status, 'guest-features': {...status['guest-features'], 'dev-features': []}},
	};
	const row = await judge(good, fakeMachine({answers}));
	t.is(row?.reason, 'feature bit HOTPLUG is not negotiated, required negotiated (host)');
});

test('a host that cannot make the disk judges nothing', async (t) => {
	const row = await judge({kind: 'unavailable', reason: 'no mirror', hint: 'find one'});
	t.is(row?.verdict, 'skip');
	t.is(row?.reason, 'there is no disk to plug: no mirror');
	t.is(row?.fix, 'find one');
});

test('a guest that is short of memory is not blamed for its disks', async (t) => {
	const short: ToolVisit = {...good, digest: undefined, tools: {kind: 'none', reason: 'no memory', noMemory: true}};
	const row = await judge(short);
	t.is(row?.verdict, 'skip');
	t.is(row?.reason, 'the disk came and went, and could not be read: no memory');
	t.is((await judge({...short, gone: false}))?.verdict, 'fail');
});
