import {HostError} from '../core/errors.ts';

export type QemuExit = {
	readonly code: number | undefined;
	readonly signal: string | undefined;
	/** The end of what QEMU wrote to stderr, or that it wrote nothing. */
	readonly lastWords: string;
};

/** It ended, and nobody had asked it to. */
export class QemuEnded extends HostError {
	/** What killed it. */
	readonly signal: string | undefined;

	constructor(when: string, exit: QemuExit, hint?: string) {
		super(`QEMU ended ${when} (${describeExit(exit)})`, {hint});
		this.signal = exit.signal;
	}
}

/** "exit code 1: qemu-system-x86_64: …": how an end is written into a message. */
export const describeExit = ({code, signal, lastWords}: QemuExit): string => {
	const how = signal === undefined ? `exit code ${code ?? 'unknown'}` : `killed by ${signal}`;
	return lastWords === '' ? how : `${how}: ${lastWords}`;
};
