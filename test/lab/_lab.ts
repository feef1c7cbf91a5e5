import {readFile, readdir, readlink} from 'node:fs/promises';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {execa} from 'execa';
import {dir} from 'tmp-promise';
import {pollPause} from '../../harness/core/clock.ts';
import {labNetworkOf} from '../../harness/lab/lab-network.ts';
import {type MetadataData, defaultMetadata} from '../../harness/lab/metadata/metadata-data.ts';
import {type Lab, type OpenLab, openLab} from '../../harness/lab/open-lab.ts';
import {loadProfile} from '../../harness/profile/load.ts';

export const network = labNetworkOf(await loadProfile('gce'));

export const metadata = (attributes: Readonly<Record<string, string>> = {}): MetadataData =>
	defaultMetadata({...network, attributes});

/** A lab on the network of the cloud's machine, and the place of its log. */
export const open = async (
	t: ExecutionContext,
	options: Partial<OpenLab> = {},
): Promise<Lab & {readonly log: string}> => {
	const {path: directory, cleanup} = await dir({unsafeCleanup: true, prefix: 'bootwright-test-'});
	t.teardown(cleanup);
	const dnsmasqLog = path.join(directory, 'dnsmasq.log');
	return {...(await openLab({network, metadata: metadata(), dnsmasqLog, ...options})), log: dnsmasqLog};
};

/** Output of a shell command inside a lab. */
export const inside = async ({enter}: Pick<Lab, 'enter'>, command: string): Promise<string> => {
	const [file, ...args] = [...enter, 'sh', '-c', command] as const;
	const {all} = await execa(file, args, {all: true, reject: false, timeout: 20_000});
	return all;
};

/** Output of a script for Node inside a lab. */
export const nodeInside = async ({enter}: Pick<Lab, 'enter'>, script: string): Promise<string> => {
	const [file, ...args] = [...enter, process.execPath, '--input-type=module', '--eval', script] as const;
	const {all} = await execa(file, args, {all: true, reject: false, timeout: 20_000});
	return all;
};

/** The process that holds the lab open. */
export const hostPid = ({enter}: Pick<Lab, 'enter'>): number =>
	Number(enter.find((word) => word.startsWith('--target='))?.slice('--target='.length));

/** Processes in a network namespace, by number and name. */
export const processesIn = async (
	namespace: string,
): Promise<ReadonlyArray<{readonly pid: number; readonly name: string}>> => {
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/v.test(name));
	const found = await Promise.all(
		pids.map(async (pid) => {
			const own = await readlink(`/proc/${pid}/ns/net`).catch(() => '');
			const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
			return own === namespace ? [{pid: Number(pid), name: name.trim()}] : [];
		}),
	);
	return found.flat();
};

/** What is left in a namespace that should be empty. */
export const leftIn = async (namespace: string): Promise<Awaited<ReturnType<typeof processesIn>>> =>
	leftOf(async () => processesIn(namespace));

/** What is left where nothing should be: the kernel ends children a moment after their parent. */
export const leftOf = async <T>(processes: () => Promise<readonly T[]>): Promise<readonly T[]> => {
	for (let look = 0; look < 40; look++) {
		if ((await processes()).length === 0) {
			return [];
		}

		await pollPause(50);
	}

	return processes();
};

export const namespaceOf = async (lab: Pick<Lab, 'enter'>): Promise<string> => readlink(`/proc/${hostPid(lab)}/ns/net`);
