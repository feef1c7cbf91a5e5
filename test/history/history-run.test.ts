import os from 'node:os';
import test from 'ava';
import {type RunEvent} from '../../harness/core/events.ts';
import {historyRunOf} from '../../harness/history/history-run.ts';
import {exampleRun, start} from '../report/example-run.ts';

test('what is kept of a run', (t) => {
	t.deepEqual(historyRunOf(exampleRun), {
		directory: '/state/bootwright/runs/20260102-030405-image',
		startedAt: '2026-01-02T03:04:05.000Z',
		image: 'image.raw',
		cell: null,
		sha256: 'ab'.repeat(32),
		profile: 'gce',
		accelerator: 'tcg',
		access: 'inject',
		host: {processor: os.cpus()[0]?.model.trim() ?? '', processors: os.cpus().length, qemu: '10.0.2'},
		version: '0.1.0',
		exitCode: 1,
		phases: [
			{name: 'firmware', ms: 812.4},
			{name: 'bootloader', ms: 2104},
			{name: 'kernel', ms: 4903},
			{name: 'userspace', ms: 17_004},
			{name: 'access', ms: 20_500},
		],
		measurements: [{id: 'throughput.gro4', metric: 'wall-ratio', value: 1.39, ci95: [1.3, 1.5]}],
		verdicts: [
			{id: 'hw.scsi.spc4', verdict: 'pass', judged: true},
			{id: 'hw.scsi.block-size', verdict: 'fail', judged: true},
			{id: 'hw.net.tso4', verdict: 'skip', judged: true},
			{id: 'hw.net.gro4', verdict: 'skip', judged: true},
			{id: 'kernel.VIRTIO_NET', verdict: 'warn', judged: true},
			{id: 'boot.console-clean', verdict: 'fail', judged: true},
		],
	});
});

test('--strict makes no row another one', (t) => {
	const strict = [start({strict: true}), ...exampleRun.slice(1)];
	t.deepEqual(historyRunOf(strict)?.verdicts, historyRunOf(exampleRun)?.verdicts);
});

test('rows that nobody came to judge are kept as such', (t) => {
	const died: readonly RunEvent[] = [
		start({requirements: ['hw.scsi.spc4']}),
		{type: 'guest-failed', at: 1, failure: 'panic', message: 'it panicked', hint: undefined},
	];
	t.like(historyRunOf(died), {
		exitCode: 3,
		sha256: null,
		access: null,
		verdicts: [{id: 'hw.scsi.spc4', verdict: 'skip', judged: false}],
	});
});

for (const [code, exitCode, isKept] of [
	['interrupted', 130, false],
	['usage', 2, false],
	['host', 4, true],
	['deadline', 5, true],
] as const) {
	test(`a run that ended early is ${isKept ? '' : 'not '}kept: ${code}`, (t) => {
		const events: readonly RunEvent[] = [
			start(),
			{type: 'run-failed', at: 1, code, message: 'it ended', hint: undefined, exitCode},
		];
		t.is(historyRunOf(events)?.exitCode, isKept ? exitCode : undefined);
	});
}

test('nothing that never started', (t) => {
	t.is(historyRunOf([]), undefined);
});

test('a kernel from outside is part of the name, and the digest of the disk does not stand for it', (t) => {
	t.like(historyRunOf(exampleRun, {kernel: 'bzImage'}), {image: 'image.raw --kernel bzImage', sha256: null});
	const alone = [start({image: {path: 'bzImage', bytes: 1, sha256: undefined}}), ...exampleRun.slice(1)];
	t.like(historyRunOf(alone, {kernel: 'bzImage'}), {image: 'bzImage', sha256: null});
});
