import {readFile} from 'node:fs/promises';
import {HostError} from '../core/errors.ts';

/** What crossed an interface in one direction. */
export type LabCounters = {readonly frames: number; readonly bytes: number};

export type TapCounters = {readonly toGuest: LabCounters; readonly fromGuest: LabCounters};

/**
 * Counters of the tap, read from outside through a process of the lab (proc(5), /proc/PID/net/dev). What the tap receives comes from the guest.
 * @throws HostError where the lab or the tap is gone
 */
export const readTapCounters = async (pid: number, device: string): Promise<TapCounters> => {
	const text = await readFile(`/proc/${pid}/net/dev`, 'utf8').catch(() => '');
	const counters = parseTapCounters(text, device);
	if (counters === undefined) {
		throw new HostError(`The counters of ${device} cannot be read: the lab is gone`);
	}

	return counters;
};

/** Columns: eight for what was received, eight for what was sent, each beginning with bytes and packets (net/core/net-procfs.c). */
export const parseTapCounters = (text: string, device: string): TapCounters | undefined => {
	const line = text.split('\n').find((candidate) => candidate.trim().startsWith(`${device}:`));
	if (line === undefined) {
		return undefined;
	}

	const numbers = line
		.slice(line.indexOf(':') + 1)
		.trim()
		.split(/\s+/v)
		.map(Number);
	const at = (column: number): LabCounters => ({bytes: numbers[column] ?? 0, frames: numbers[column + 1] ?? 0});
	return {fromGuest: at(0), toGuest: at(8)};
};
