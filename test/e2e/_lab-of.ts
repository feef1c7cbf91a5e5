import {readFile, readdir, readlink} from 'node:fs/promises';
import {type Place} from './_program.ts';

export type RunProcess = {readonly pid: number; readonly command: string; readonly namespace: string};

/** The first process of a place's run whose command line matches, with its network namespace as /proc names it. */
export const processOf = async ({temporary}: Place, command: RegExp): Promise<RunProcess | undefined> => {
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/v.test(name));
	const found = await Promise.all(
		pids.map(async (pid) => {
			const [line, environment, namespace] = await Promise.all([
				readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
				readFile(`/proc/${pid}/environ`, 'latin1').catch(() => ''),
				readlink(`/proc/${pid}/ns/net`).catch(() => ''),
			]);
			return {pid: Number(pid), command: line.replaceAll('\0', ' '), namespace, environment};
		}),
	);
	return found.find((one) => one.environment.includes(`TMPDIR=${temporary}\0`) && command.test(one.command));
};

/** The name server of its lab; where it is, the lab is. */
export const dnsmasqOf = async (place: Place): Promise<RunProcess | undefined> => processOf(place, /^dnsmasq /v);
