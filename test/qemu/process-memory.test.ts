import {once} from 'node:events';
import {spawn} from 'node:child_process';
import test from 'ava';
import {openProcessMemory} from '../../harness/qemu/process-memory.ts';
import {dataRegions, residentParts} from '../../harness/qemu/process-regions.ts';

test('data of its own: the heap first, small before large, no code, files, stacks or guest memory', (t) => {
	const maps = [
		'55ce3a000000-55ce3a900000 r-xp 00000000 fe:00 1234 /usr/bin/qemu-system-x86_64',
		'55ce3a900000-55ce3a9b5000 rw-p 00900000 fe:00 1234 /usr/bin/qemu-system-x86_64',
		'55ce3a9b5000-55ce3a9e9000 rw-p 00000000 00:00 0 ',
		'55ce42aef000-55ce43db5000 rw-p 00000000 00:00 0                          [heap]',
		'7f54c4000000-7f54c4021000 rw-p 00000000 00:00 0 [anon:glibc: malloc arena]',
		'7f54cbe00000-7f554be00000 rw-p 00000000 00:00 0 ',
		'7f554c000000-7f554c001000 ---p 00000000 00:00 0 ',
		'7f557a085000-7f557a088000 rw-s 00000000 00:01 9 /dev/zero (deleted)',
		'7fffed362000-7fffed383000 rw-p 00000000 00:00 0                          [stack]',
		'',
	].join('\n');
	t.deepEqual(
		dataRegions(maps).map(({start, end}) => `${start.toString(16)}-${end.toString(16)}`),
		['55ce42aef000-55ce43db5000', '7f54c4000000-7f54c4021000', '55ce3a9b5000-55ce3a9e9000'],
	);
});

test('where the pages cannot be listed, everything is looked at', async (t) => {
	const regions = [{start: 4096, end: 8192}];
	t.deepEqual(await residentParts(2 ** 30, regions), regions);
});

/** A process with 5 MiB of numbered marks, some across the borders of pages and of what is read at once. */
const program = `
const marks = 20000;
const memory = Buffer.alloc(5 * 2 ** 20, ' ');
const mark = Buffer.from(['boot', 'wright', '-'].join(''));
for (let i = 0; i < marks; i++) { mark.copy(memory, i * 257); memory.writeUInt32LE(i + 1, i * 257 + mark.length); }
process.stdin.on('data', () => console.log(memory.toString('latin1', 257, 257 + 11)));
console.log('ready');
`;

test('every occurrence is found once, and a write is seen by the process', async (t) => {
	const child = spawn(process.execPath, ['-e', program], {stdio: ['pipe', 'pipe', 'inherit']});
	t.teardown(() => child.kill('SIGKILL'));
	await once(child.stdout, 'data');
	await using memory = await openProcessMemory(child.pid!);
	const [found = [], nothing = []] = await memory.find([
		Buffer.from('bootwright-'),
		Buffer.from('no such thing at all'),
	]);
	const numbers = found.map((address) => memory.read(address + 11, 4).readUInt32LE(0));
	// The pattern itself stands in the program, with zeros behind it.
	const inOrder = numbers.filter((number) => number > 0 && number <= 20_000).toSorted((a, b) => a - b);
	t.deepEqual(
		inOrder,
		Array.from({length: 20_000}, (_, index) => index + 1),
	);
	t.deepEqual(nothing, []);
	// One of them again by its place, and none where it is not.
	const places = await memory.placesOf([found[7]!, 4096]);
	const [again = [], elsewhere] = await memory.findNear(
		[Buffer.from('bootwright-'), Buffer.from('bootwright-')],
		[places, [{heap: true, offset: 2 ** 40}]],
	);
	t.true(again.includes(found[7]!));
	t.true(again.every((address) => found.includes(address)));
	t.deepEqual(elsewhere, []);

	await memory.write(found[numbers.indexOf(2)]!, Buffer.from('BOOTWRIGHT!'));
	child.stdin.write('\n');
	const [line] = (await once(child.stdout, 'data')) as [Buffer];
	t.is(line.toString(), 'BOOTWRIGHT!\n');
});

test('what is not there reads as nothing', async (t) => {
	await using memory = await openProcessMemory(process.pid);
	t.is(memory.read(4096, 16).length, 0);
});

test('a process that is not there is an error of the system', async (t) => {
	await t.throwsAsync(openProcessMemory(2 ** 30), {code: 'ENOENT'});
});
