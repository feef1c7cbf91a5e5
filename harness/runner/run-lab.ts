import path from 'node:path';
import {type MetadataShell, metadataShell} from '../access/metadata-shell.ts';
import {wallClockMs} from '../core/clock.ts';
import {HostError} from '../core/errors.ts';
import {type RunEvent} from '../core/events.ts';
import {boundedLog} from '../lab/bounded-log.ts';
import {type LabNetwork, labNetworkOf} from '../lab/lab-network.ts';
import {type Lab, openLab} from '../lab/open-lab.ts';
import {type MetadataData, defaultMetadata} from '../lab/metadata/metadata-data.ts';
import {type MachineNetwork} from '../machine/scenario.ts';
import {type RunPlan} from './run-plan.ts';

/** The network of one run, or why there is none. */
export type RunLab = AsyncDisposable & {
	readonly lab: Lab | undefined;
	readonly network: MachineNetwork;
	/** Undefined where there is a lab. */
	readonly noLab: {readonly why: string; readonly hint: string | undefined} | undefined;
	/** Lets the metadata server offer a root shell. */
	readonly offerShell: () => void;
	/** What `openShell` has to know of that. */
	readonly metadata: {readonly announcement: string; readonly asked: () => boolean} | undefined;
};

type Options = {
	readonly plan: Pick<RunPlan, 'profile' | 'labFaults' | 'network'>;
	/** Takes `dnsmasq.log` and `metadata.jsonl`, what the guest asked for. */
	readonly directory: string;
	/** The run's own, gone at its end. */
	readonly folder: string;
	readonly emit: (event: RunEvent) => void;
	readonly signal: AbortSignal;
};

/** Opens the lab where the person wants one and this host lets us have one. @throws the signal's reason */
export const openRunLab = async ({plan, directory, folder, emit, signal}: Options): Promise<RunLab> => {
	const network = labNetworkOf(plan.profile, plan.labFaults);
	const note = JSON.stringify({note: 'The log is full: what the guest asked for after this is not kept.'});
	const log = boundedLog(path.join(directory, 'metadata.jsonl'), note);
	let asked = false;
	let shell: MetadataShell | undefined;
	let lab: Lab | undefined;
	let noLab: RunLab['noLab'];
	if (plan.network === 'user') {
		noLab = {why: 'the run was started with --network user', hint: undefined};
	} else {
		try {
			lab = await openLab({
				network,
				metadata: metadataFor(network),
				folder,
				fault: plan.labFaults?.metadata,
				dnsmasqLog: path.join(directory, 'dnsmasq.log'),
				signal,
				onRequest(request) {
					asked = true;
					log(JSON.stringify(request));
				},
			});
		} catch (error) {
			if (!(error instanceof HostError)) {
				throw error;
			}

			noLab = {why: error.message, hint: error.hint};
			const cure = error.hint === undefined ? '' : ` To mend it: ${error.hint}`;
			emit({type: 'note', at: wallClockMs(), text: `No network lab: ${error.message}.${cure}`});
		}
	}

	return {
		lab,
		network: lab === undefined ? {kind: 'user', why: '', ...noLab} : {kind: 'lab', lab},
		noLab,
		offerShell() {
			shell ??= metadataShell();
			lab?.setMetadata(metadataFor(network, shell.attributes));
		},
		get metadata() {
			return shell === undefined ? undefined : {announcement: shell.announcement, asked: () => asked};
		},
		[Symbol.asyncDispose]: async () => lab?.[Symbol.asyncDispose](),
	};
};

const metadataFor = (network: LabNetwork, attributes: Readonly<Record<string, string>> = {}): MetadataData =>
	defaultMetadata({
		address: network.address,
		mac: network.mac,
		gateway: network.gateway,
		hostname: `${network.hostname}.${network.domain}`,
		attributes,
	});
