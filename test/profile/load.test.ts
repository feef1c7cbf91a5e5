import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import tmp from 'tmp-promise';
import {UsageError} from '../../harness/core/errors.ts';
import {loadProfile, profileNames} from '../../harness/profile/load.ts';

const folder = async (t: ExecutionContext): Promise<string> => {
	const {path: directory, cleanup} = await tmp.dir({unsafeCleanup: true});
	t.teardown(cleanup);
	return directory;
};

/** Writes profiles and gives back the path of each. */
const write = async (
	t: ExecutionContext,
	files: Readonly<Record<string, string>>,
): Promise<(name: string) => string> => {
	const directory = await folder(t);
	for (const [name, text] of Object.entries(files)) {
		await mkdir(path.dirname(path.join(directory, name)), {recursive: true});
		await writeFile(path.join(directory, name), text);
	}

	return (name) => path.join(directory, name);
};

test('gce comes with the program and is valid', async (t) => {
	t.deepEqual(await profileNames(), ['gce', 'gce-uefi']);
	const profile = await loadProfile('gce');
	t.is(profile.name, 'gce');
	t.is(profile.pci.isaBridge.revision, 3);
	t.deepEqual(Object.keys(profile.uarts), ['ttyS0', 'ttyS1', 'ttyS2', 'ttyS3']);
});

test('every known difference stands in the docs', async (t) => {
	const text = await readFile(new URL('../../docs/profiles.md', import.meta.url), 'utf8');
	const {knownDifferences} = await loadProfile('gce');
	t.deepEqual(
		knownDifferences.map(({what}) => what).filter((what) => !text.replaceAll(/\s+/gu, ' ').includes(`- ${what}`)),
		[],
	);
});

test('a grandchild is laid over its ancestors, key by key; lists and null replace', async (t) => {
	const at = await write(t, {
		'sub/child.yaml':
			'extends: ../parent.yaml\nvcpus: 3\nuarts: {ttyS3: null, ttyS2: {irq: 5}}\nknownDifferences: []\n',
		'parent.yaml': 'extends: gce\nvcpus: 8\nmemoryMiB: 512\ndisk: {discardGranularity: 4096}\n',
	});
	const [child, gce] = await Promise.all([loadProfile(at('sub/child.yaml')), loadProfile('gce')]);
	t.deepEqual(child, {
		...gce,
		name: 'child',
		vcpus: 3,
		memoryMiB: 512,
		disk: {...gce.disk, discardGranularity: 4096},
		uarts: {ttyS0: gce.uarts.ttyS0, ttyS1: gce.uarts.ttyS1, ttyS2: {port: 0x3_e8, irq: 5}} as never,
		knownDifferences: [],
	});
});

test('null where the parent has a value that may be null goes back to the default', async (t) => {
	const at = await write(t, {
		'parent.yaml': 'extends: gce\ndisk: {discardGranularity: 0}\n',
		'child.yaml': 'extends: parent.yaml\ndisk: {discardGranularity: null}\n',
	});
	t.is((await loadProfile(at('child.yaml'))).disk.discardGranularity, null);
});

test('overrides are laid over the file last', async (t) => {
	const {vcpus, disk} = await loadProfile('gce', {overrides: {vcpus: 1, disk: {numQueues: 2}}});
	t.is(vcpus, 1);
	t.is(disk.numQueues, 2);
	t.is(disk.product, 'PersistentDisk');
});

/** A profile that is wrong: each complaint with its place. */
const wrong = async (t: ExecutionContext, {text, says}: {text: string; says: readonly string[]}) => {
	const at = await write(t, {'p.yaml': text});
	const error = await t.throwsAsync(loadProfile(at('p.yaml')), {instanceOf: UsageError});
	t.deepEqual(
		error.message.split('\n'),
		says.map((line) => (line.startsWith('overrides') ? line : `${at('p.yaml')}:${line}`)),
	);
};

wrong.title = (name: string | undefined) => `wrong: ${name}`;

test('firmware of another machine, named by half', wrong, {
	text: 'extends: gce-uefi\nfirmware:\n  uefi:\n    code: OVMF_CODE.fd\n    variable: /ovmf/OVMF_VARS.fd\n',
	says: [
		'4:5: firmware.uefi.code: must be an absolute path',
		'5:5: firmware.uefi.variable: unknown key, did you mean "variables"?',
	],
});

test('a typo names the nearest key', wrong, {
	text: 'extends: gce\ndisk:\n  numQueus: 4\nvcpu: 1\nnetwork: {features: {cusm: false}}\n',
	says: [
		'3:3: disk.numQueus: unknown key, did you mean "numQueues"?',
		'5:22: network.features.cusm: unknown key, did you mean "csum"?',
		'4:1: vcpu: unknown key, did you mean "vcpus"?',
	],
});
test('a key near to nothing shows what there is', wrong, {
	text: 'extends: gce\nrng: {zzzzzzzz: 1}\n',
	says: ['2:7: rng.zzzzzzzz: unknown key, known are legacy'],
});
test('types and bounds', wrong, {
	text: 'extends: gce\ndisk: {numQueues: four, scsiVersion: 9, logicalBlockSize: 1000}\nnetwork:\n  mtu: 1.5\n  address: 10.0.0.256\n',
	says: [
		'2:8: disk.numQueues: invalid input: expected number, received string',
		'2:25: disk.scsiVersion: too big: expected number to be <=7',
		'2:41: disk.logicalBlockSize: must be a power of two',
		'5:3: network.address: invalid IPv4 address',
		'4:3: network.mtu: invalid input: expected int, received number',
	],
});
test('what is not there', wrong, {
	text: 'extends: gce\nmemoryMiB: null\n',
	says: ['2:1: memoryMiB: missing, expected number'],
});
test('a name of a disk', wrong, {
	text: 'extends: gce\nextraDisks:\n  Data: {kind: disk, scsiId: 2, sizeMiB: 1}\n',
	says: ['3:3: extraDisks.Data: a name is lower-case letters, digits and hyphens, a letter first'],
});
test('two things in one place, and sizes that do not fit', wrong, {
	text: [
		'extends: gce',
		'uarts: {ttyS1: {port: 0x3f8}}',
		"pci: {rng: {slot: '00:04.0'}, scsi: {slot: '00:03.1'}}",
		'disk: {logicalBlockSize: 4096, physicalBlockSize: 512}',
		'extraDisks: {a: {kind: disk, scsiId: 1, sizeMiB: 1}}',
	].join('\n'),
	says: [
		'3:13: pci.rng.slot: 00:04.0 is taken by pci.network',
		'5:30: extraDisks.a.scsiId: SCSI id 1 is taken by disk',
		'2:17: uarts.ttyS1.port: port 0x3f8 is taken by uarts.ttyS0',
		'3:38: pci.scsi.slot: a virtio device is function 0 of its slot',
		'4:32: disk.physicalBlockSize: smaller than a logical block (4096 bytes)',
	],
});
test('an address that the machine’s own DHCP cannot lease', wrong, {
	text: 'extends: gce\nnetwork: {address: 192.168.5.9}\n',
	says: ["2:11: network.address: not in the gateway's network (10.128.0.0/24)"],
});
test('YAML that is none', wrong, {
	text: 'extends: gce\ndisk: {numQueues: 4\nx: ]\n',
	says: ['3:1: Flow map in block collection must be sufficiently indented and end with a }'],
});
test('a key twice', wrong, {text: 'extends: gce\nvcpus: 4\nvcpus: 5\n', says: ['3:1: Map keys must be unique']});
test('several documents', wrong, {text: 'extends: gce\n---\nvcpus: 3\n', says: ['2:1: A profile is one document']});
test('a list', wrong, {text: '- gce\n', says: ['1:1: a profile is a mapping of keys to values']});
test('nothing', wrong, {text: '', says: ['1:1: a profile is a mapping of keys to values']});
test('two parents', wrong, {
	text: 'title: x\nextends: [gce]\n',
	says: ['2:1: extends: must be the name or the path of one profile'],
});
test('a parent that there is not', wrong, {
	text: 'extends: gcee\n',
	says: ['1:1: extends: There is no profile "gcee". Did you mean "gce"?'],
});

test('a complaint stands where the value was written, in the youngest file that says it', async (t) => {
	const at = await write(t, {
		'parent.yaml': 'extends: gce\nvcpus: 0\nmemoryMiB: 1\n',
		'child.yaml': 'extends: ./parent.yaml\n\nmemoryMiB: 2\n',
	});
	const error = await t.throwsAsync(loadProfile(at('child.yaml'), {overrides: {rng: {legacy: 1}}}));
	t.deepEqual(error.message.split('\n'), [
		`${at('parent.yaml')}:2:1: vcpus: too small: expected number to be >=1`,
		`${at('child.yaml')}:3:1: memoryMiB: too small: expected number to be >=64`,
		'overrides: rng.legacy: invalid input: expected boolean, received number',
	]);
});

test('a profile that extends itself, also by a detour', async (t) => {
	const at = await write(t, {'a.yaml': 'extends: ./b.yaml\n', 'b.yaml': 'extends: ./a.yaml\n'});
	const error = await t.throwsAsync(loadProfile(at('a.yaml')), {instanceOf: UsageError});
	t.is(
		error.message,
		`${at('b.yaml')}:1:1: extends: Profile ${at('a.yaml')} extends itself: ${at('a.yaml')} → ${at('b.yaml')} → ${at('a.yaml')}`,
	);
});

test('a profile that there is not', async (t) => {
	const error = await t.throwsAsync(loadProfile('gec'), {instanceOf: UsageError});
	t.is(error.message, 'There is no profile "gec". Did you mean "gce"?');
	t.is(error.hint, 'Profiles: gce, gce-uefi. A path contains a slash or ends in .yaml.');
	const missing = await t.throwsAsync(loadProfile('/nowhere/p.yaml'), {instanceOf: UsageError});
	t.is(
		missing.message,
		"Profile /nowhere/p.yaml cannot be read: ENOENT: no such file or directory, open '/nowhere/p.yaml'",
	);
});
