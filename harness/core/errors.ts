/**
 * Errors by blame: who has to act decides the class, the class decides the exit code.
 * Exit codes are the interface contract (`bootwright --help`, docs/exit-codes.md).
 */
export type ErrorCode = 'usage' | 'host' | 'guest' | 'deadline' | 'interrupted' | 'bug';

type Options = ErrorOptions & {
	/** What the person can do about it: one line or command. */
	readonly hint?: string | undefined;
};

/** Base of every error the program raises on purpose. The message says what, where, how long, what was seen last. */
export abstract class BootwrightError extends Error {
	abstract readonly code: ErrorCode;
	readonly hint: string | undefined;

	constructor(message: string, {hint, ...options}: Options = {}) {
		super(message, options);
		this.name = new.target.name;
		this.hint = hint;
	}
}

/** The command line, an image path or a profile is wrong. Nothing was started. */
export class UsageError extends BootwrightError {
	readonly code = 'usage';
}

/** This host cannot do it: QEMU missing, too old or crashed by itself, no disk space, no memory, no permission. */
export class HostError extends BootwrightError {
	readonly code = 'host';
}

/** What somebody wants to know cannot be seen here. The rows that depend on it are skipped: nothing was found out about the image. */
export class UnobservableError extends HostError {}

/** Why a guest is given up for dead: the last word of a message, and a stable tag for tests and reports. */
export type GuestFailure =
	| 'no-boot-sector'
	| 'boot-loader'
	| 'panic'
	| 'initramfs'
	| 'emergency'
	| 'boot-loop'
	| 'hang'
	| 'powered-off'
	| 'no-way-in'
	| 'login-refused'
	| 'shell-lost';

/** The candidate did something wrong: it panicked, hung, stopped at a prompt, let nobody in. */
export class GuestError extends BootwrightError {
	readonly code = 'guest';
	readonly failure: GuestFailure;

	constructor(failure: GuestFailure, message: string, options: Options = {}) {
		super(message, options);
		this.failure = failure;
	}
}

/** A deadline passed; the message names its phase. */
export class DeadlineError extends BootwrightError {
	readonly code = 'deadline';
	readonly phase: string;

	constructor(phase: string, message: string, options: Options = {}) {
		super(message, options);
		this.phase = phase;
	}
}

/** SIGINT, SIGTERM or SIGHUP: everything is torn down, then the exit code is 128 + the signal's number. */
export class InterruptedError extends BootwrightError {
	readonly code = 'interrupted';
	readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP';

	constructor(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') {
		super(`Interrupted by ${signal}`);
		this.signal = signal;
	}
}

/** The program contradicted itself. The only error that is shown with its stack. */
export class HarnessBug extends BootwrightError {
	readonly code = 'bug';
}

/** What a system call fails with where the host has run out of something (errno(3)). */
const exhausted = new Set(['ENOSPC', 'EDQUOT', 'ENOMEM', 'EMFILE', 'ENFILE']);

/** An error of the system that says that the host has run out of something, as the host's; any other one as it is. */
export const blameHost = (error: unknown): unknown =>
	error instanceof Error && 'code' in error && exhausted.has(String(error.code))
		? new HostError(`This host has run out of something: ${error.message}`, {cause: error})
		: error;

export const exitCodes = {usage: 2, guest: 3, host: 4, bug: 4, deadline: 5, interrupted: 130} as const satisfies Record<
	ErrorCode,
	number
>;
export const signalExitCodes = {SIGHUP: 129, SIGINT: 130, SIGTERM: 143} as const;

/** The exit code that an error means when it ends the program. */
export const exitCodeOf = (error: unknown): number => {
	if (error instanceof InterruptedError) {
		return signalExitCodes[error.signal];
	}

	return error instanceof BootwrightError ? exitCodes[error.code] : exitCodes.bug;
};

/** The message of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
