import {readFile, readdir, readlink} from 'node:fs/promises';
import {leftOf} from '../lab/_lab.ts';
import {type Place} from './_program.ts';

export type RunProcess = {readonly pid: number; readonly command: string; readonly namespace: string};

/** The processes of a place's run, each with its network namespace as /proc names it. */
const processesOf = async ({temporary}: Place): Promise<readonly RunProcess[]> => {
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
	return found.filter(({environment}) => environment.includes(`TMPDIR=${temporary}\0`));
};

/** The first one whose command line matches. */
export const processOf = async (place: Place, command: RegExp): Promise<RunProcess | undefined> =>
	(await processesOf(place)).find((one) => command.test(one.command));

/** What is left in a lab that should be gone: of this place alone, as the number of a namespace that is gone is soon that of another. */
export const leftInLab = async (place: Place, namespace: string): Promise<readonly RunProcess[]> =>
	leftOf(async () => (await processesOf(place)).filter((one) => one.namespace === namespace));

/** The name server of its lab; where it is, the lab is. */
export const dnsmasqOf = async (place: Place): Promise<RunProcess | undefined> => processOf(place, /^dnsmasq /v);
