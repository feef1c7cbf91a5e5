/** Opens a lab in a process of its own, on a host that a test has changed: says how that went, and keeps it open. */
import {readlinkSync} from 'node:fs';
import process from 'node:process';
import {BootwrightError, messageOf} from '../../harness/core/errors.ts';
import {openLab} from '../../harness/lab/open-lab.ts';
import {metadata, network} from './_lab.ts';

const tell = (fields: Readonly<Record<string, unknown>>): void => console.log(JSON.stringify(fields));

try {
	const lab = await openLab({network, metadata: metadata(), dnsmasqLog: '/dev/null'});
	const pid = lab.enter.find((word) => word.startsWith('--target='))?.slice('--target='.length) ?? '';
	tell({up: true, uid: process.getuid?.(), enter: lab.enter, namespace: readlinkSync(`/proc/${pid}/ns/net`)});
	process.stdin.resume();
	process.stdin.on('end', () => void lab[Symbol.asyncDispose]());
} catch (error) {
	const hint = error instanceof BootwrightError ? error.hint : undefined;
	tell({up: false, name: error instanceof Error ? error.name : '', message: messageOf(error), hint});
}
