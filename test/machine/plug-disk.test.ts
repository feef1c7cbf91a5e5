import test, {type ExecutionContext} from 'ava';
import {Deadline} from '../../harness/core/deadline.ts';
import {diskPlugger, freeTarget} from '../../harness/machine/plug-disk.ts';
import {loadProfile} from '../../harness/profile/load.ts';
import {type QemuRun} from '../../harness/profile/run.ts';
import {QmpError} from '../../harness/qemu/qmp-messages.ts';
import {connected} from '../qemu/_fake-qmp.ts';

const run: QemuRun = {accelerator: 'tcg', runDirectory: '/run', firmwareLog: '/log', network: {type: 'user'}};

const open = async (t: ExecutionContext) => {
	const {qemu, client} = await connected(t);
	const plug = diskPlugger(client, {profile: await loadProfile('gce'), run});
	const answer = async (count: number, reply?: object): Promise<void> => {
		await qemu.called(count);
		qemu.send({...(reply ?? {return: {}}), id: qemu.calls[count - 1]?.id});
	};

	return {qemu, plug, answer};
};

test('a target that nobody has', async (t) => {
	t.is(freeTarget({profile: await loadProfile('gce'), run}), 8);
	const overrides = {disk: {scsiId: 8}, extraDisks: {data: {kind: 'disk', scsiId: 9, sizeMiB: 1}}};
	const profile = await loadProfile('gce', {overrides});
	const extra = {id: 'x', path: '/x', scsiId: 10, format: 'raw', readOnly: true} as const;
	t.is(freeTarget({profile, run: {...run, extraDisks: [extra]}}), 11);
});

test('plugged like the boot disk, and taken away with its event', async (t) => {
	const {qemu, plug, answer} = await open(t);
	const plugging = plug({id: 'toolbox', path: '/cache/toolbox.tar'});
	await answer(1);
	await answer(2);
	await using disk = await plugging;
	t.is(disk.target, 8);
	t.deepEqual(qemu.calls[0]?.arguments, {
		driver: 'raw',
		'node-name': 'toolbox',
		'read-only': true,
		file: {driver: 'file', filename: '/cache/toolbox.tar', 'read-only': true, 'auto-read-only': false},
	});
	t.like(qemu.calls[1]?.arguments, {
		driver: 'scsi-hd',
		id: 'toolbox',
		bus: 'scsi0.0',
		'scsi-id': 8,
		vendor: 'Google',
		product: 'PersistentDisk',
		scsi_version: 6,
		logical_block_size: 512,
		physical_block_size: 4096,
		'write-cache': 'on',
	});
	using deadline = new Deadline({phase: 'test', budgetMs: 10_000});
	const removal = disk.unplug(deadline);
	await answer(3);
	qemu.send({event: 'DEVICE_DELETED', data: {device: 'another', path: '/machine/peripheral/another'}});
	qemu.send({event: 'DEVICE_DELETED', data: {device: 'toolbox', path: '/machine/peripheral/toolbox'}});
	await answer(4);
	const {deletedMs} = await removal;
	t.true(deletedMs !== undefined && deletedMs >= 0 && deletedMs < 5000);
	t.deepEqual(
		qemu.calls.map(({execute}) => execute),
		['blockdev-add', 'device_add', 'device_del', 'blockdev-del'],
	);
});

test('a disk that QEMU refuses leaves no open file behind', async (t) => {
	const {qemu, plug, answer} = await open(t);
	const plugging = plug({id: 'toolbox', path: '/cache/toolbox.tar'});
	await answer(1);
	await answer(2, {error: {class: 'GenericError', desc: 'lun already used by another device'}});
	await answer(3);
	const error = await t.throwsAsync(plugging, {instanceOf: QmpError});
	t.is(error.message, 'QEMU refused device_add: lun already used by another device (GenericError)');
	t.is(qemu.calls[2]?.execute, 'blockdev-del');
});

test('a device that QEMU does not let go of in time', async (t) => {
	const {plug, answer} = await open(t);
	const plugging = plug({id: 'toolbox', path: '/cache/toolbox.tar'});
	await answer(1);
	await answer(2);
	await using disk = await plugging;
	using whole = new Deadline({phase: 'test', budgetMs: 20_000});
	const removal = disk.unplug(whole);
	await answer(3);
	t.deepEqual(await removal, {deletedMs: undefined});
});
