import test from 'ava';
import {type ProbeChange, probeDisk} from './_probe-disk.ts';
import {judge, leftBehind, openPlace} from './_program.ts';

type Expected = {
	readonly kind: string;
	readonly message: RegExp;
	/** More options of `test`. */
	readonly options?: readonly string[];
};

/** A guest that does not come up: 3, the kind of failure, the evidence in the message; told at once, not by waiting. */
export const deadGuest = test.macro(
	async (t, change: Omit<ProbeChange, 'directory'>, {kind, message, options = []}: Expected) => {
		t.timeout(300_000);
		await using place = await openPlace();
		const image = await probeDisk({directory: place.directory, ...change});
		const {exitCode, result, stdout} = await judge(place, [image, ...options]);
		t.is(result.failure?.kind, kind, result.failure?.message);
		t.regex(result.failure?.message ?? '', message);
		t.regex(result.failure?.message ?? '', /console-ttyS\d\.log/);
		t.is(exitCode, 3);
		t.true(result.requirements.every(({id, verdict}) => verdict === 'skip' || id.startsWith('boot.')));
		t.regex(stdout, /The guest did not come up/);
		t.deepEqual(await leftBehind(place), []);
	},
);

/** An init of one's own. */
export const init = (...lines: readonly string[]): Readonly<Record<string, string>> => ({
	init: [
		'#!/bin/busybox sh',
		'export PATH=/bin:/sbin',
		'mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs devtmpfs /dev',
		...lines,
		'',
	].join('\n'),
});
