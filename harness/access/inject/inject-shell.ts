import {randomBytes} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {type PortName} from '../../core/events.ts';
import {type Candidate} from '../../image/candidate.ts';
import {parseInjectionReport} from './injection-report.ts';
import {type RunAppliance, runAppliance} from './run-appliance.ts';
import {announcementOf, workPorts} from '../port-shell.ts';
import {shellFiles} from './shell-files.ts';

export type InjectShell = Pick<
	RunAppliance,
	'appliance' | 'qemu' | 'accelerator' | 'directory' | 'deadline' | 'onPid'
> & {
	readonly candidate: Pick<Candidate, 'path'>;
	/** Takes all that is written. */
	readonly overlay: {readonly path: string};
	/** Where the shell may be, the best first; the first that has a UART in the guest is taken. Default: ttyS1, 2, 3, 0. */
	readonly ports?: readonly PortName[];
	readonly onProgress?: ((line: string) => void) | undefined;
};

export type Injection =
	| {
			readonly injected: true;
			/** The root file system that got the shell, and all others that did. */
			readonly root: string;
			readonly roots: readonly string[];
			readonly init: string;
			readonly notes: readonly string[];
			/** The line with which the shell will announce itself on its port. */
			readonly announcement: string;
	  }
	| {readonly injected: false; readonly why: string};

/**
 * Adds a root shell to the image, on its overlay alone, by booting the appliance with the overlay attached: before the real boot.
 * Every root file system found gets one, whichever of them the boot loader will choose.
 * @throws HostError when QEMU fails; DeadlineError; the signal's reason
 */
export const injectShell = async ({
	candidate,
	overlay,
	ports = workPorts,
	onProgress,
	...machine
}: InjectShell): Promise<Injection> => {
	const nonce = randomBytes(8).toString('hex');
	onProgress?.('adding a root shell to the overlay');
	const text = await runAppliance({
		...machine,
		disks: [{candidate, overlay}],
		files: await injectionFiles({nonce, ports}),
	});
	const {roots, problems, notes, complete} = parseInjectionReport(text, nonce);
	const [first] = roots;
	if (first === undefined || !complete) {
		return {injected: false, why: whyNot(problems, {notes, complete, text})};
	}

	return {
		injected: true,
		root: first.place,
		roots: roots.map(({place}) => place),
		init: first.init,
		notes: [...notes, ...problems],
		announcement: announcementOf(nonce),
	};
};

/** What the appliance is given below /bootwright. `nonce`: letters and digits. */
export const injectionFiles = async ({
	nonce,
	ports,
}: {
	readonly nonce: string;
	readonly ports: readonly PortName[];
}): Promise<Record<string, string>> => {
	const announcement = announcementOf(nonce);
	const files = Object.entries(shellFiles({ports, announcement})).map(
		([name, text]) => [`files/${name}`, text] as const,
	);
	return {
		run: await readFile(new URL('run.sh', import.meta.url), 'utf8'),
		env: `NONCE=${nonce}\nPORT=${ports[0] ?? 'ttyS1'}\nANNOUNCEMENT='${announcement}'\n`,
		...Object.fromEntries(files),
	};
};

const whyNot = (
	problems: readonly string[],
	seen: {readonly notes: readonly string[]; readonly complete: boolean; readonly text: string},
): string => {
	if (!seen.complete) {
		const last = seen.text.split(/[\r\n]+/u).findLast((line) => line.trim() !== '') ?? 'nothing';
		return `the appliance did not come to its end; it said last: ${last.slice(0, 200)}`;
	}

	const words = [...problems, ...seen.notes];
	return words.length === 0 ? 'no root file system was found on the disk' : words.join('; ');
};
